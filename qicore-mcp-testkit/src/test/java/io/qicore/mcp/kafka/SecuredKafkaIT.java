package io.qicore.mcp.kafka;

import static io.qicore.mcp.fixture.Tools.call;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.qicore.mcp.fixture.KafkaWorld;
import io.qicore.mcp.fixture.TestKeys;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.access.KafkaSettings;
import io.qicore.mcp.testkit.EmbeddedKafka;
import io.qicore.mcp.tool.StandardErrorCode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Servers connect to clusters that require authentication, with the settings of Kafka's own clients only. */
class SecuredKafkaIT {

    private static final String SECRET = "correct-horse";

    @TempDir
    static Path folder;

    private static TestKeys keys;

    @AutoClose
    private static KafkaWorld world;

    @BeforeAll
    static void prepare() throws Exception {
        keys = TestKeys.create(folder);
        Map<String, String> tls = new HashMap<>(keys.settings("server"));
        tls.put("ssl.client.auth", "required");
        world = KafkaWorld.alone(EmbeddedKafka.builder()
                .listener(
                        "SASL",
                        SecurityProtocol.SASL_PLAINTEXT,
                        Map.of(
                                "sasl.enabled.mechanisms",
                                "PLAIN,SCRAM-SHA-256",
                                "plain.sasl.jaas.config",
                                PlainLoginModule.class.getName() + " required user_agent=\"" + SECRET + "\";",
                                "scram-sha-256.sasl.jaas.config",
                                ScramLoginModule.class.getName() + " required;"))
                .listener("TLS", SecurityProtocol.SSL, tls)
                .start());
        world.kafka
                .admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        "agent", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), SECRET)))
                .all()
                .get();
        world.kafka.createTopic("orders", 2);
    }

    @Test
    void saslPlain() throws Exception {
        assertServes(sasl("PLAIN", PlainLoginModule.class, SECRET));
        assertRefused(sasl("PLAIN", PlainLoginModule.class, "wrong-horse"));
    }

    @Test
    void saslScram() throws Exception {
        assertServes(sasl("SCRAM-SHA-256", ScramLoginModule.class, SECRET));
        assertRefused(sasl("SCRAM-SHA-256", ScramLoginModule.class, "wrong-horse"));
    }

    @Test
    void mutualTls() throws Exception {
        Map<String, String> settings = tls(keys.settings("client"));
        assertServes(settings);

        settings.keySet().removeIf(key -> key.startsWith("KAFKA_SSL_KEYSTORE"));
        assertRefused(settings);
    }

    @Test
    void untrustedBroker_isToldAsSuch() throws Exception {
        Map<String, String> properties = new HashMap<>(keys.settings("client"));
        // Trusts only the certificate of the client.
        properties.put("ssl.truststore.location", keys.settings("server").get("ssl.truststore.location"));

        try (var server = server(tls(properties))) {
            var error = Tools.failure(server, "get_topic_metadata", Map.of("topic", "orders"));

            assertThat(error.is(KafkaErrorCode.BROKER_NOT_TRUSTED))
                    .as(error.toString())
                    .isTrue();
            assertThat(error).hasMessageContaining("truststore").hasMessageNotContaining("refused");
        }
    }

    @Test
    void wrongPassword_isNotTriedAndLoggedAgainWhileNobodyCalls() throws Exception {
        var lines = new ListAppender<ILoggingEvent>();
        Logger kafka = (Logger) LoggerFactory.getLogger("org.apache.kafka.clients");
        lines.start();
        kafka.addAppender(lines);
        try (var server = server(sasl("PLAIN", PlainLoginModule.class, "wrong-horse"))) {
            for (int call = 1; call <= 2; call++) {
                assertThat(Tools.failure(server, "list_topics", Map.of()).is(StandardErrorCode.NOT_AUTHORIZED))
                        .isTrue();
            }
            // Until the discarded clients have ended.
            Thread.sleep(1_500);
            long before = noise(lines);
            Thread.sleep(5_000);

            assertThat(before).isLessThanOrEqualTo(12);
            assertThat(noise(lines) - before).isZero();
        } finally {
            kafka.detachAppender(lines);
        }
    }

    private static long noise(ListAppender<ILoggingEvent> lines) {
        return List.copyOf(lines.list).stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .count();
    }

    private static KafkaMCPServer server(Map<String, String> settings) throws Exception {
        var server =
                new KafkaMCPServer(KafkaConnection.from(KafkaSettings.table().read(settings)));
        server.initialize();
        return server;
    }

    private static void assertServes(Map<String, String> settings) throws Exception {
        try (var server =
                new KafkaMCPServer(KafkaConnection.from(KafkaSettings.table().read(settings)))) {
            server.initialize();
            assertThat(call(server, "get_topic_metadata", Map.of("topic", "orders"))
                            .path("partitions"))
                    .hasSize(2);
        }
    }

    private static void assertRefused(Map<String, String> settings) throws Exception {
        try (var server =
                new KafkaMCPServer(KafkaConnection.from(KafkaSettings.table().read(settings)))) {
            server.initialize();
            var error = Tools.failure(server, "get_topic_metadata", Map.of("topic", "orders"));
            assertThat(error.is(StandardErrorCode.NOT_AUTHORIZED))
                    .as(error.toString())
                    .isTrue();
            assertThat(error)
                    .hasMessageContaining("refused the credentials")
                    .hasMessageNotContaining("horse")
                    .hasMessageNotContaining(TestKeys.PASSWORD);
        }
    }

    private static Map<String, String> sasl(String mechanism, Class<?> module, String password) {
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                world.kafka.cluster().bootstrapServers("SASL"),
                "KAFKA_SECURITY_PROTOCOL",
                "SASL_PLAINTEXT",
                "KAFKA_SASL_MECHANISM",
                mechanism,
                "KAFKA_SASL_JAAS_CONFIG",
                module.getName() + " required username=\"agent\" password=\"" + password + "\";");
    }

    private static Map<String, String> tls(Map<String, String> properties) {
        Map<String, String> settings = new HashMap<>();
        settings.put("KAFKA_BOOTSTRAP_SERVERS", world.kafka.cluster().bootstrapServers("TLS"));
        settings.put("KAFKA_SECURITY_PROTOCOL", "SSL");
        properties.forEach((key, value) ->
                settings.put("KAFKA_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        return settings;
    }
}
