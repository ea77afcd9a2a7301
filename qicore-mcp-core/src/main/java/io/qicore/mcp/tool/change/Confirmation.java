package io.qicore.mcp.tool.change;

import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.ElicitationAnswer;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolResult;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call makes a planned change, shows it, or asks the user about it.
 *
 * <ul>
 *   <li>A dry run shows the plan.
 *   <li>A call with the hash of a plan makes the change if the plan is still the same.
 *   <li>Otherwise, if the {@linkplain ConfirmationMode mode} wants the user's agreement, a client that can show forms is
 *       asked; one that cannot gets the plan with its hash and may repeat the call with it.
 *   <li>Otherwise the change is made.
 * </ul>
 *
 * <pre>{@code
 * .resultHandler((args, context) ->
 *         confirmation.run(new DeleteTopic(kafka, args.topic()), args.dryRun(), args.planHash(), context))
 * }</pre>
 *
 * <p>Immutable and thread-safe. The hash that the user was asked about travels in the sealed
 * {@linkplain InputRequests.Builder#state state} of the question, so any replica understands the answer; a tool with a
 * planned change cannot ask other questions.
 */
public final class Confirmation {

    private static final String QUESTION = "confirm";

    private static final String NEXT_AFTER_DRY_RUN =
            "Nothing was changed. To apply this plan, repeat the call with its " + ChangeArguments.PLAN_HASH
                    + " and without " + ChangeArguments.DRY_RUN + ".";

    private static final String NEXT_UNASKED =
            "Nothing was changed: the user has to agree, and this client cannot ask. Show them the plan; if they agree,"
                    + " repeat the call with its " + ChangeArguments.PLAN_HASH + ".";

    private final ConfirmationMode mode;

    private record Form(@Schema("Make this change") boolean proceed) {}

    /** Decides by a mode. */
    public Confirmation(ConfirmationMode mode) {
        this.mode = mode;
    }

    /**
     * Makes the change, shows the plan, or asks the user.
     *
     * @param dryRun whether the caller wants the plan only
     * @param planHash of the plan that the caller has seen, or null
     * @return the change's result, its preview, or the question
     * @throws MCPToolError {@link StandardErrorCode#PLAN_CHANGED} if the caller or the user has confirmed another plan, with
     *     the new {@code planHash} in its context; {@link StandardErrorCode#DECLINED} if the user does not agree
     * @throws X what the change throws
     */
    public <X extends Exception> ToolResult run(
            PlannedChange<?, X> change, boolean dryRun, @Nullable String planHash, RequestContext context) throws X {
        String hash = change.hash();
        if (dryRun) {
            return ToolResult.of(change.preview(hash, NEXT_AFTER_DRY_RUN));
        }
        if (planHash != null) {
            requireSame(hash, planHash.strip());
            return ToolResult.of(change.apply());
        }
        // Without a state nobody was asked, whatever answer the client has sent along.
        Optional<String> asked = context.inputs().state(String.class);
        Optional<ElicitationAnswer> answer =
                asked.flatMap(state -> context.inputs().elicitation(QUESTION));
        // A refusal counts even if the plan has become one that is not asked about.
        if (answer.isPresent()) {
            requireAgreement(answer.get());
            requireSame(hash, asked.orElseThrow());
            return ToolResult.of(change.apply());
        }
        if (!mode.asksBefore(change)) {
            return ToolResult.of(change.apply());
        }
        if (!context.clientSupports(ClientFeature.ELICITATION_FORM)) {
            return ToolResult.of(change.preview(hash, NEXT_UNASKED));
        }
        return ToolResult.inputRequired(InputRequests.builder()
                .elicit(QUESTION, Elicitation.form(change.question(), Form.class))
                .state(hash)
                .build());
    }

    private static void requireAgreement(ElicitationAnswer answer) {
        if (!answer.isAccepted() || !answer.as(Form.class).proceed()) {
            throw new MCPToolError(
                    StandardErrorCode.DECLINED,
                    "Nothing was changed: the user was asked and did not agree. Do not repeat the call unless they ask"
                            + " for it.");
        }
    }

    private static void requireSame(String hash, String confirmed) {
        if (!confirmed.equals(hash)) {
            throw new MCPToolError(
                    StandardErrorCode.PLAN_CHANGED,
                    "Nothing was changed: plan '" + confirmed + "' was confirmed, and the plan is another one by now,"
                            + " because the system or the arguments have changed. Call with "
                            + ChangeArguments.DRY_RUN + " to see the new plan.",
                    Map.of(ChangeArguments.PLAN_HASH, hash));
        }
    }
}
