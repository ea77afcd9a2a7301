package io.qicore.mcp.kafka.producer.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is shown of configs of connectors, and what is not. */
class ConfigMaskTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Secrets by type, by name, in places that do not say so, and unknown properties
                "database.password        | PASSWORD | hunter2",
                "database.password        | STRING   | hunter2",
                "connection.url           | STRING   | jdbc:postgresql://db/x?user=a&password=hunter2",
                "connection.uri           | PASSWORD | mongodb://u:hunter2@db",
                "topics                   | LIST     | a,b;password=hunter2",
                "topic                    | STRING   | http://u:hunter2@x",
                "sasl.jaas.config         |          | PlainLoginModule required password=\"hunter2\";",
                "producer.override.sasl.jaas.config | | x",
                "aws.access.key.id        | STRING   | AKIA123",
                "aws.secret.access.key    | STRING   | wJalr",
                "github.pat               | STRING   | ghp_hunter2",
                "license                  | STRING   | eyJhbGciOi",
                "custom                   |          | hunter2",
                "basic.auth.user.info     | STRING   | user:hunter2",
                "auth.port                | INT      | 1234",
                "transforms.mask.replacement | STRING | hunter2",
                "kafka.ssl.key.password   |          | hunter2",
                "source.config            | STRING   | {\"apiKey\":\"hunter2\"}",
                "setting.PRODUCER_API_KEY |          | hunter2",
                "tasks.max                | INT      | hunter2",
                "flag                     | BOOLEAN  | hunter2",
                "topics                   | LIST     | x${file:/p:k}y",
            })
    void isHidden(String name, String type, String value) {
        Map<String, String> types = type == null ? Map.of() : Map.of(name, type);
        assertThat(ConfigMask.visible(Map.of(name, value), types)).containsExactly(Map.entry(name, "***"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name                     |          | orders",
                "connector.class          |          | io.debezium.connector.postgresql.PostgresConnector",
                "tasks.max                | INT      | 4",
                "topics                   | LIST     | orders,payments",
                "topics.regex             |          | orders-(a|b)",
                "key.converter            | CLASS    | org.apache.kafka.connect.storage.StringConverter",
                "errors.tolerance         |          | all",
                "transforms               |          | route",
                "transforms.route.type    |          | org.apache.kafka.connect.transforms.RegexRouter",
                "database.hostname        | STRING   | db-1.example.com",
                "table.include.list       | LIST     | public.orders,public.items",
                "batch.size               | INT      | 2000",
                "insert                   | BOOLEAN  | true",
                "database.password        | PASSWORD | ${file:/etc/secrets.properties:db}",
                "custom                   |          | ${env:DB_PASSWORD}",
            })
    void isShown(String name, String type, String value) {
        Map<String, String> types = type == null ? Map.of() : Map.of(name, type);
        assertThat(ConfigMask.visible(Map.of(name, value), types)).containsExactly(Map.entry(name, value));
    }

    @Test
    void traces_doNotRepeatSecrets() {
        var config = Map.of(
                "database.password", "hunter2", "connection.url", "jdbc:x://db?password=other1", "name", "orders");
        String trace = """
                org.apache.kafka.connect.errors.ConnectException: Cannot open jdbc:x://db?password=other1 of orders
                \tat a.B.c(B.java:1)
                Caused by: java.sql.SQLException: hunter2 was refused for http://bob:third3@db, token=fourth4, "password": "fifth5"
                \tat a.B.c(B.java:1)
                """;
        String summary = Traces.summary(trace, ConfigMask.hiddenValues(config));
        assertThat(summary)
                .startsWith("Cannot open *** of orders (SQLException: *** was refused for http://***@db, token=***")
                .doesNotContain("hunter2", "other1", "third3", "fourth4", "fifth5", "\n", "B.java");
    }

    @Test
    void traces_areShort_andNeverEmpty() {
        assertThat(Traces.summary("x".repeat(5_000), List.of())).hasSizeLessThan(700);
        assertThat(Traces.summary("", List.of())).isNotEmpty();
        assertThat(Traces.summary("org.apache.kafka.connect.errors.ConnectException: Topic is gone", List.of()))
                .isEqualTo("Topic is gone");
        assertThat(Traces.summary("java.lang.NullPointerException", List.of())).isEqualTo("NullPointerException");
    }
}
