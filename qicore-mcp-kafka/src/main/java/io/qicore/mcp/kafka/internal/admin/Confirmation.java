package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.ElicitationAnswer;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a planned change that overwrites or deletes is made now.
 *
 * <p>A call that names the hash of a plan is its own confirmation. Otherwise the user is asked through the client if the
 * client can do that. Either way the change is refused when the plan is another one by then. For use by one call.
 */
public final class Confirmation {

    /** Of the argument that tools take the hash in. */
    static final String ARGUMENT = "planHash";

    /** For the argument's schema. */
    public static final String ARGUMENT_DESCRIPTION = "Apply this plan; fails if it changed";

    private static final String QUESTION = "confirm";

    /** What the user is asked. */
    record Answer(@Schema("Make this change") boolean proceed) {}

    private final ConfirmationMode mode;
    private final RequestContext context;

    Confirmation(ConfirmationMode mode, RequestContext context) {
        this.mode = mode;
        this.context = context;
    }

    /**
     * Makes the change, asks the user first, or answers with the plan.
     *
     * @param hash of the plan as it is now
     * @param repeated the hash that the call named, if any
     * @param question to the user: what would be done, with its consequence
     * @param apply makes the change and gives the tool's result
     * @param plan gives the result of a tool that has changed nothing and wants the hash repeated
     * @throws MCPToolError {@link KafkaErrorCode#PLAN_CHANGED} if another plan was confirmed,
     *     {@link KafkaErrorCode#DECLINED} if the user does not want it
     */
    public ToolResult decide(
            String hash, @Nullable String repeated, String question, Supplier<?> apply, Supplier<?> plan) {
        if (repeated != null) {
            requireSame(hash, repeated.strip());
            return ToolResult.of(apply.get());
        }
        if (mode == ConfirmationMode.NEVER) {
            return ToolResult.of(apply.get());
        }
        if (!context.clientSupports(ClientFeature.ELICITATION_FORM)) {
            return ToolResult.of(mode == ConfirmationMode.ALWAYS ? plan.get() : apply.get());
        }
        Optional<ElicitationAnswer> answer = context.inputs().elicitation(QUESTION);
        if (answer.isEmpty()) {
            return ToolResult.inputRequired(InputRequests.builder()
                    .elicit(QUESTION, Elicitation.form(question, Answer.class))
                    .state(hash)
                    .build());
        }
        if (!answer.get().isAccepted() || !answer.get().as(Answer.class).proceed()) {
            throw new MCPToolError(
                    KafkaErrorCode.DECLINED,
                    "Nothing was changed: the user was asked and did not agree. Do not repeat the call unless they ask"
                            + " for it.",
                    Map.of());
        }
        requireSame(hash, context.inputs().state(String.class).orElse(""));
        return ToolResult.of(apply.get());
    }

    private static void requireSame(String hash, String confirmed) {
        if (!confirmed.equals(hash)) {
            throw new MCPToolError(
                    KafkaErrorCode.PLAN_CHANGED,
                    "Nothing was changed: the plan is no longer the one that was confirmed (" + confirmed
                            + "), because the cluster or the arguments are not what they were. Look at the new plan by"
                            + " a call with dryRun.",
                    Map.of(ARGUMENT, hash));
        }
    }
}
