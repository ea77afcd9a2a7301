package io.qicore.mcp.kafka.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryConnectionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "registry:8081",
                "ftp://registry",
                "http://",
                "file:///etc/passwd",
                "http://u:p@registry",
                "http://registry?x=1",
                "http://registry#x",
                "http://a b"
            })
    void otherAddresses_areRefused(String url) {
        assertThatThrownBy(() -> RegistryConnection.to(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void secrets_areNotShown() {
        var connection = RegistryConnection.to(" https://registry:8081/apis/ccompat/v7/ ")
                .basic("user", "s3cr3t");

        assertThat(connection).hasToString("RegistryConnection[https://registry:8081/apis/ccompat/v7]");
        assertThat(connection.authorization()).contains("Basic dXNlcjpzM2NyM3Q=");
        assertThat(KafkaOptions.builder()
                        .registry(connection.bearer("t0k3n"))
                        .build()
                        .toString())
                .contains("https://registry:8081")
                .doesNotContain("t0k3n");
    }

    @Test
    void timeout_isBounded() {
        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMinutes(2)}) {
            assertThatThrownBy(() -> RegistryConnection.to("http://r").timeout(wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void settings_describeIt() {
        Map<String, String> env = new HashMap<>(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "localhost:1",
                "KAFKA_TOOLS_SCHEMA_REGISTRY_URL", "https://registry",
                "KAFKA_TOOLS_SCHEMA_REGISTRY_USER", "u",
                "KAFKA_TOOLS_SCHEMA_REGISTRY_PASSWORD", "p",
                "KAFKA_TOOLS_SCHEMA_REGISTRY_CA", "/ca.pem",
                "KAFKA_TOOLS_SCHEMA_REGISTRY_TIMEOUT", "3s"));

        var registry =
                KafkaOptions.from(KafkaSettings.table().read(env)).registry().orElseThrow();
        assertThat(registry.authorization()).contains("Basic dTpw");
        assertThat(registry.trustedCertificates()).contains(Path.of("/ca.pem"));
        assertThat(registry.timeout()).isEqualTo(Duration.ofSeconds(3));
        env.put("KAFKA_TOOLS_SCHEMA_REGISTRY_TOKEN", "t");
        assertThat(KafkaOptions.from(KafkaSettings.table().read(env))
                        .registry()
                        .orElseThrow()
                        .authorization())
                .contains("Bearer t");
        assertThat(KafkaOptions.from(KafkaSettings.table().read(Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1")))
                        .registry())
                .isEmpty();
    }
}
