package io.qicore.mcp.kafka.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.junit.jupiter.api.Test;

class KafkaConnectionTest {

    @Test
    void fromSettings_turnsVariablesIntoClientProperties() {
        var connection = KafkaConnection.fromSettings(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "broker:9092",
                "KAFKA_SASL_MECHANISM", "PLAIN",
                "KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM", "https"));

        assertThat(connection.properties())
                .containsOnly(
                        Map.entry("bootstrap.servers", "broker:9092"),
                        Map.entry("sasl.mechanism", "PLAIN"),
                        Map.entry("ssl.endpoint.identification.algorithm", "https"));
        assertThat(connection.bootstrapServers()).isEqualTo("broker:9092");
    }

    @Test
    void fromSettings_reachesAClusterThatWantsOAuth() {
        var connection = KafkaConnection.fromSettings(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "broker:9093",
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
    void fromSettings_leavesOutOtherSettingsAndThoseOfTheServer() {
        var connection = KafkaConnection.fromSettings(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                "broker:9092",
                "KAFKA_MCP_PORT",
                "8081",
                "TIMESCALE_URL",
                "jdbc:postgresql:x"));

        assertThat(connection.properties()).containsOnlyKeys("bootstrap.servers");
    }

    @Test
    void withoutBootstrapServers_saysWhichSettingIsMissing() {
        assertThatThrownBy(() -> KafkaConnection.fromSettings(Map.of("KAFKA_SASL_MECHANISM", "PLAIN")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("KAFKA_BOOTSTRAP_SERVERS");
        assertThatThrownBy(() -> KafkaConnection.to(" ")).isInstanceOf(IllegalArgumentException.class);
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

    @Test
    void toString_showsNoSecret() {
        var connection = KafkaConnection.fromSettings(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", "broker:9092", "KAFKA_SASL_JAAS_CONFIG", "password=\"hunter2\""));

        assertThat(connection.toString()).contains("broker:9092").doesNotContain("hunter2");
    }
}
