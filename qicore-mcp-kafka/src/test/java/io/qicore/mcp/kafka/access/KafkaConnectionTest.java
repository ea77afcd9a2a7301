package io.qicore.mcp.kafka.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.host.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaConnectionTest {

    @Test
    void variables_becomeClientProperties() {
        var connection = read(Map.of(
                "KAFKA_SASL_MECHANISM", "PLAIN",
                "KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM", "",
                "KAFKA_ISOLATION_LEVEL", "read_committed",
                "KAFKA_DELIVERY_TIMEOUT_MS", "60000"));

        assertThat(connection.properties())
                .containsOnly(
                        Map.entry("bootstrap.servers", "broker:9092"),
                        Map.entry("sasl.mechanism", "PLAIN"),
                        Map.entry("ssl.endpoint.identification.algorithm", ""),
                        Map.entry("isolation.level", "read_committed"),
                        Map.entry("delivery.timeout.ms", "60000"));
        assertThat(connection.bootstrapServers()).isEqualTo("broker:9092");
    }

    @Test
    void variables_describeAClusterThatWantsOAuth() {
        var connection = read(Map.of(
                "KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "KAFKA_SASL_MECHANISM", "OAUTHBEARER",
                "KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL", "https://login.example/token",
                "KAFKA_SASL_LOGIN_CALLBACK_HANDLER_CLASS", OAuthBearerLoginCallbackHandler.class.getName(),
                "KAFKA_SASL_JAAS_CONFIG",
                        OAuthBearerLoginModule.class.getName() + " required clientId=\"agent\" clientSecret=\"x\";"));

        var config = new AdminClientConfig(connection.properties());
        assertThat(config.getString("security.protocol")).isEqualTo("SASL_SSL");
        assertThat(config.getString("sasl.mechanism")).isEqualTo("OAUTHBEARER");
        assertThat(config.getString("sasl.oauthbearer.token.endpoint.url")).isEqualTo("https://login.example/token");
        assertThat(config.getClass("sasl.login.callback.handler.class"))
                .isEqualTo(OAuthBearerLoginCallbackHandler.class);
        assertThat(config.getPassword("sasl.jaas.config").value()).contains("clientId");
    }

    @Test
    void variablesOfOtherPrograms_doNotReachTheClients() {
        var connection = read(Map.of(
                "KAFKA_TOOLS_READ_ONLY", "true",
                "KAFKA_SERVICE_HOST", "10.0.0.1",
                "KAFKA_HOME", "/opt/kafka",
                "KAFKA_OPTS", "-Xmx1g",
                "TIMESCALE_URL", "jdbc:postgresql:x"));

        assertThat(connection.properties()).containsOnlyKeys("bootstrap.servers");
    }

    static Stream<String> secrets() {
        return Stream.of(AdminClientConfig.configDef(), ConsumerConfig.configDef(), ProducerConfig.configDef())
                .flatMap(definition -> definition.configKeys().values().stream())
                .filter(property -> property.type == ConfigDef.Type.PASSWORD)
                .map(property -> property.name)
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void everyPasswordOfKafka_isASecretAndMayComeFromAFile(String property, @TempDir Path folder) throws Exception {
        String key = "KAFKA_" + property.toUpperCase(Locale.ROOT).replace('.', '_');
        Path file = Files.writeString(folder.resolve("secret"), "hunter2\n");

        for (var given : Map.of(key, "hunter2", key + "_FILE", file.toString()).entrySet()) {
            var settings = KafkaSettings.table()
                    .read(Map.of("KAFKA_BOOTSTRAP_SERVERS", "broker:9092", given.getKey(), given.getValue()));

            assertThat(KafkaConnection.from(settings).properties()).containsEntry(property, "hunter2");
            assertThat(settings.toString()).doesNotContain("hunter2");
            assertThat(KafkaConnection.from(settings).toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void withoutBootstrapServers_isRefused() {
        assertThatThrownBy(() -> KafkaSettings.table().read(Map.of("KAFKA_SASL_MECHANISM", "PLAIN")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("KAFKA_BOOTSTRAP_SERVERS is not set");
        assertThatThrownBy(() -> KafkaConnection.to(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bootstrap.servers");
    }

    @Test
    void with_putsOthersOnTopAndChangesNothingItself() {
        var connection = KafkaConnection.to("broker:9092");

        assertThat(connection.with(Map.of("bootstrap.servers", "other:9092", "client.id", "x")))
                .containsEntry("bootstrap.servers", "other:9092")
                .containsEntry("client.id", "x");
        assertThat(connection.properties()).containsOnly(Map.entry("bootstrap.servers", "broker:9092"));
    }

    @Test
    void isACopyOfWhatItWasMadeFrom() {
        Map<String, Object> properties = new HashMap<>(Map.of("bootstrap.servers", "broker:9092"));
        var connection = new KafkaConnection(properties);

        properties.clear();

        assertThat(connection.properties()).hasSize(1);
    }

    private static KafkaConnection read(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "broker:9092");
        return KafkaConnection.from(KafkaSettings.table().read(environment));
    }
}
