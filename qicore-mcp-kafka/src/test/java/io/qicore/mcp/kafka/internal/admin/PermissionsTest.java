package io.qicore.mcp.kafka.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.kafka.access.KafkaPolicy;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PermissionsTest {

    private static final KafkaPolicy POLICY =
            KafkaPolicy.builder().topics("orders-*", "b-secret").groups("g-*").build();

    private static Permissions of(KafkaPolicy policy, String... topics) {
        return new Permissions(
                policy,
                Caller.of("narrow").withLimits(Map.of(Caller.TOPICS, NamePatterns.of("topics", List.of(topics)))));
    }

    @Test
    void both_mustAllow() {
        Permissions permissions = of(POLICY, "*-eu", "payments");
        assertThat(permissions.topic("orders-eu")).isTrue();
        assertThat(List.of("orders-us", "billing-eu", "payments", "b-secret")).noneMatch(permissions::topic);
        assertThat(permissions.everyTopic()).isFalse();
        assertThat(permissions.group("g-1")).isTrue();
        assertThat(permissions.group("h-1")).isFalse();
        assertThat(permissions.topicPrefix("orders-")).isTrue();
        assertThat(permissions.topicPrefix("pay")).isFalse();
    }

    @Test
    void everything_needsBoth() {
        assertThat(of(KafkaPolicy.defaults(), "*").everyTopic()).isTrue();
        assertThat(of(KafkaPolicy.defaults(), "a*").everyTopic()).isFalse();
        assertThat(of(POLICY, "*").everyTopic()).isFalse();
        assertThat(new Permissions(KafkaPolicy.defaults(), Caller.ANONYMOUS).everyTopic())
                .isTrue();
    }

    @Test
    void refusal_doesNotShowTheListOfThePolicyToALimitedCaller() {
        assertThatThrownBy(() -> of(POLICY, "*-eu").requireTopic("x"))
                .isInstanceOfSatisfying(MCPToolError.class, e -> assertThat(e.getMessage() + e.context())
                        .contains("*-eu")
                        .doesNotContain("b-secret"));
        assertThatThrownBy(() -> new Permissions(POLICY, Caller.ANONYMOUS).requireTopic("x"))
                .hasMessageContaining("orders-*, b-secret");
        Permissions nothing = new Permissions(
                KafkaPolicy.defaults(), Caller.of("none").withLimits(Map.of(Caller.GROUPS, NamePatterns.NONE)));
        assertThatThrownBy(() -> nothing.requireGroup("g"))
                .hasMessage(
                        "You may not use group 'g'."
                                + " Your API key or access token limits you to these groups: none. Whoever issued it can change the limit.");
        assertThatThrownBy(() -> of(POLICY, "*-eu").requireTopic("pay-eu"))
                .isInstanceOfSatisfying(MCPToolError.class, e -> assertThat(e.getMessage() + e.context())
                        .contains("This server is not allowed to use topic 'pay-eu'.")
                        .doesNotContain("b-secret", "orders-*"));
    }

    @Test
    void limits_areTheSameTextForTheSameLimits() {
        assertThat(of(POLICY, "a", "b").limits())
                .isEqualTo(of(POLICY, "a", "b").limits())
                .isNotEqualTo(of(POLICY, "a").limits());
        assertThat(of(POLICY, "*").limits()).isEmpty();
    }
}
