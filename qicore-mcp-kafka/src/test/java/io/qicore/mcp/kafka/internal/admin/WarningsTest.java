package io.qicore.mcp.kafka.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class WarningsTest {

    private final Warnings warnings = new Warnings();

    @Test
    void failure_isNotedOnceAndLeavesTheRest() {
        assertThat(warnings.attempt(failing(KafkaErrorCode.BROKER_UNAVAILABLE, "down")))
                .isEmpty();
        assertThat(warnings.attempt(failing(KafkaErrorCode.BROKER_UNAVAILABLE, "down")))
                .isEmpty();
        assertThat(warnings.attempt(() -> "up")).contains("up");

        assertThat(warnings.orNull()).containsExactly("down");
    }

    @Test
    void cancelledCall_isNoWarning() {
        assertThatThrownBy(() -> warnings.attempt(failing(StandardErrorCode.DEADLINE_EXCEEDED, "cancelled")))
                .isInstanceOf(MCPToolError.class);
    }

    @Test
    void manyWarnings_areCountedNotListed() {
        for (int i = 0; i < 9; i++) {
            warnings.add("warning " + i);
        }
        assertThat(warnings.orNull()).hasSize(6).contains("warning 0", "4 more warnings.");
    }

    @Test
    void noWarning_isLeftOut() {
        assertThat(warnings.isEmpty()).isTrue();
        assertThat(warnings.orNull()).isNull();
    }

    private static Supplier<String> failing(ErrorCode code, String message) {
        return () -> {
            throw new MCPToolError(code, message);
        };
    }
}
