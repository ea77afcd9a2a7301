package io.qicore.mcp.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
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
