package io.qicore.mcp.kafka.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaOptionsTest {

    @Test
    void defaults_areTheDefaultsOfTheirParts() {
        var options = KafkaOptions.defaults();

        assertThat(options.policy()).isSameAs(KafkaPolicy.defaults());
        assertThat(options.lagThreshold()).isEqualTo(10_000);
        assertThat(options.lagCheckInterval()).hasSeconds(10);
        assertThat(options.server()).isSameAs(ServerSettings.defaults());
        assertThat(from(Map.of()))
                .usingRecursiveComparison()
                .comparingOnlyFields("lagThreshold", "lagCheckInterval")
                .isEqualTo(options);
        assertThat(from(Map.of()).policy()).hasToString(options.policy().toString());
    }

    @Test
    void toBuilder_keepsWhatIsNotSetAgain() {
        var policy = KafkaPolicy.builder().readOnly(true).build();
        var server = ServerSettings.builder().pageSize(7).build();
        var options = KafkaOptions.builder()
                .policy(policy)
                .lagThreshold(5)
                .lagCheckInterval(Duration.ofSeconds(1))
                .server(server)
                .build();

        var changed = options.toBuilder().lagThreshold(6).build();

        assertThat(changed.policy()).isSameAs(policy);
        assertThat(changed.lagThreshold()).isEqualTo(6);
        assertThat(changed.lagCheckInterval()).hasSeconds(1);
        assertThat(changed.server()).isSameAs(server);
    }

    @Test
    void wrongValue_isRefusedAtOnce() {
        var builder = KafkaOptions.builder();

        assertThatThrownBy(() -> builder.lagThreshold(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lagThreshold must be 0 or more");
        assertThatThrownBy(() -> builder.lagCheckInterval(Duration.ofMillis(99)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lagCheckInterval must be at least 100 ms");
    }

    @Test
    void settings_setEveryOption() {
        var options = from(Map.of(
                "KAFKA_TOOLS_READ_ONLY", "TRUE",
                "KAFKA_TOOLS_ALLOWED", "get_*, list_topics",
                "KAFKA_TOOLS_TOPICS", "orders-*,payments",
                "KAFKA_TOOLS_GROUPS", "team.a-?",
                "KAFKA_TOOLS_CONFIRMATION", "always",
                "KAFKA_TOOLS_LAG_THRESHOLD", "500",
                "KAFKA_TOOLS_LAG_CHECK_INTERVAL", "30s"));

        assertThat(options.policy().readOnly()).isTrue();
        assertThat(options.policy().tools()).containsExactly("get_*", "list_topics");
        assertThat(options.policy().topics()).containsExactly("orders-*", "payments");
        assertThat(options.policy().groups()).containsExactly("team.a-?");
        assertThat(options.policy().confirmation()).isEqualTo(ConfirmationMode.ALWAYS);
        assertThat(options.lagThreshold()).isEqualTo(500);
        assertThat(options.lagCheckInterval()).hasSeconds(30);
    }

    @Test
    void toString_doesNotShowTheStateKey() {
        var server = ServerSettings.builder()
                .stateKey("0123456789abcdef0123456789abcdef".getBytes())
                .build();

        assertThat(KafkaOptions.builder().server(server).build().toString()).doesNotContain("0123456789", "[48");
    }

    private static KafkaOptions from(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092");
        return KafkaOptions.from(KafkaSettings.table().read(environment));
    }
}
