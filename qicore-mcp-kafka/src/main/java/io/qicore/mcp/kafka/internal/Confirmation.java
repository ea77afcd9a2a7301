package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.ConfirmationMode;
import io.qicore.mcp.kafka.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a planned change that overwrites or deletes is made now.
 *
 * <p>A call that names the hash of a plan is its own confirmation: it is refused when the plan is another one by now.
 */
final class Confirmation {

    /** Of the argument that tools take the hash in. */
    static final String ARGUMENT = "planHash";

    /** For the argument's schema. */
    static final String ARGUMENT_DESCRIPTION = "planHash of a plan seen before: applies it, or fails if it changed";

    private final ConfirmationMode mode;

    Confirmation(ConfirmationMode mode) {
        this.mode = mode;
    }

    /**
     * Whether to make the change now; otherwise the tool answers with the plan and its hash.
     *
     * @param hash of the plan as it is now
     * @param repeated the hash that the call named, if any
     * @throws MCPToolError {@link KafkaErrorCode#PLAN_CHANGED} if the call named another plan
     */
    boolean given(String hash, @Nullable String repeated) {
        if (repeated == null) {
            return mode != ConfirmationMode.ALWAYS;
        }
        if (repeated.strip().equals(hash)) {
            return true;
        }
        throw new MCPToolError(
                KafkaErrorCode.PLAN_CHANGED,
                "Nothing was changed: the plan is no longer the one of " + ARGUMENT + " '" + repeated.strip()
                        + "', because the cluster or the arguments are not what they were. Call without " + ARGUMENT
                        + " for a new plan (with dryRun where the tool has it).",
                Map.of(ARGUMENT, hash));
    }
}
