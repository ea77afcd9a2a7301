package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.ToolResult;
import org.jspecify.annotations.Nullable;

/**
 * A change that overwrites or deletes: looked at first, then made if it is confirmed.
 *
 * @param <R> the answer
 */
public interface PlannedChange<R> {

    /** The {@linkplain PlanHash fingerprint} of what is to be done and of the state that it was planned for. */
    String hash();

    /** For the user: what would be done, with its consequence. */
    String question();

    /** The answer when nothing is changed: what would be. */
    R preview(String hash);

    /** Makes the change. */
    R apply();

    /**
     * Makes the change, asks the user first, or answers what it would be.
     *
     * @param dryRun whether the caller wants to know only
     * @param planHash of the plan that the caller has seen, if any
     * @throws MCPToolError {@link KafkaErrorCode#PLAN_CHANGED} if it is no longer that plan,
     *     {@link KafkaErrorCode#DECLINED} if the user does not want it
     */
    static ToolResult run(AdminSession kafka, PlannedChange<?> change, boolean dryRun, @Nullable String planHash) {
        String hash = change.hash();
        if (dryRun) {
            return ToolResult.of(change.preview(hash));
        }
        return kafka.confirmation()
                .decide(hash, planHash, change.question(), change::apply, () -> change.preview(hash));
    }
}
