package io.qicore.mcp.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.kafka.ConfirmationMode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfirmationTest {

    @Test
    void clientThatCannotBeAsked_goesAheadUnlessAlwaysIsSet() {
        assertThat(new Confirmation(ConfirmationMode.WHEN_SUPPORTED).given("h", null))
                .isTrue();
        assertThat(new Confirmation(ConfirmationMode.NEVER).given("h", null)).isTrue();
        assertThat(new Confirmation(ConfirmationMode.ALWAYS).given("h", null)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(ConfirmationMode.class)
    void repeatedHash_confirms(ConfirmationMode mode) {
        assertThat(new Confirmation(mode).given("h", " h ")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(ConfirmationMode.class)
    void hashOfAnotherPlan_isRefusedInEveryMode(ConfirmationMode mode) {
        assertThatThrownBy(() -> new Confirmation(mode).given("new", "old"))
                .isInstanceOfSatisfying(MCPToolError.class, error -> {
                    assertThat(error.code()).isEqualTo("PLAN_CHANGED");
                    assertThat(error.context()).containsEntry("planHash", "new");
                    assertThat(error).hasMessageContaining("Nothing was changed");
                });
    }

    @Test
    void planHash_dependsOnTheToolAndEveryPart() {
        String hash = PlanHash.of("a", "x", List.of(1, 2));

        assertThat(hash).hasSize(16).isEqualTo(PlanHash.of("a", "x", List.of(1, 2)));
        assertThat(List.of(
                        PlanHash.of("b", "x", List.of(1, 2)),
                        PlanHash.of("a", "y", List.of(1, 2)),
                        PlanHash.of("a", "x", List.of(12))))
                .doesNotContain(hash)
                .doesNotHaveDuplicates();
    }
}
