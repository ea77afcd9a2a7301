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
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call applies a planned change, previews it, or asks the user to confirm it.
 *
 * <ul>
 *   <li>A dry run returns the preview.
 *   <li>A call with a plan hash applies the change if the plan still has this hash.
 *   <li>Otherwise, if the {@linkplain ConfirmationMode mode} requires a confirmation, a client that can show forms asks
 *       the user. Any other client gets the preview with the plan hash, and can repeat the call with this hash.
 *   <li>Otherwise the change is applied.
 * </ul>
 *
 * <pre>{@code
 * .resultHandler((args, context) ->
 *         confirmation.run(new DeleteTopic(kafka, args.topic()), args.dryRun(), args.planHash(), context))
 * }</pre>
 *
 * <p>The hash of the plan that the user is asked about travels in the encrypted
 * {@linkplain InputRequests.Builder#state state} of the question, so any replica can process the answer. A tool with a
 * planned change cannot ask other questions. Immutable and thread-safe.
 */
public final class Confirmation {

    private static final String QUESTION = "confirm";

    private static final String NEXT_AFTER_DRY_RUN =
            "Nothing was changed. To apply this plan, repeat the call with its " + ChangeArguments.PLAN_HASH
                    + " and without " + ChangeArguments.DRY_RUN + ".";

    private static final String NEXT_UNASKED =
            "Nothing was changed: the user must agree, but this client cannot ask them. Show the plan to the user. If"
                    + " they agree, repeat the call with its " + ChangeArguments.PLAN_HASH + ".";

    private final ConfirmationMode mode;

    private record Form(@Schema("Make this change") boolean proceed) {}

    /** Creates a confirmation with the given mode. */
    public Confirmation(ConfirmationMode mode) {
        Objects.requireNonNull(mode, "mode");
        this.mode = mode;
    }

    /**
     * Applies the change, previews it, or asks the user.
     *
     * @param change the change, planned for this call
     * @param dryRun whether to return only the preview
     * @param planHash the hash of the plan that the caller confirms, or null
     * @param context the context of the call
     * @return the result of the change, its preview, or the question to the user
     * @throws MCPToolError with {@link StandardErrorCode#PLAN_CHANGED}, and the new {@code planHash} in its context, if
     *     the plan has changed since it was confirmed; with {@link StandardErrorCode#DECLINED} if the user declines
     * @throws X if previewing or applying the change fails
     */
    public <X extends Exception> ToolResult run(
            PlannedChange<?, X> change, boolean dryRun, @Nullable String planHash, RequestContext context) throws X {
        Objects.requireNonNull(context, "context");
        String hash = change.hash();
        if (dryRun) {
            return ToolResult.of(change.preview(hash, NEXT_AFTER_DRY_RUN));
        }
        if (planHash != null) {
            requireSame(hash, planHash.strip());
            return ToolResult.of(change.apply());
        }
        // Without a state the user was not asked, so any answer in the request is ignored.
        Optional<String> asked = context.inputs().state(String.class);
        Optional<ElicitationAnswer> answer =
                asked.flatMap(state -> context.inputs().elicitation(QUESTION));
        // A refusal counts even if the current plan no longer requires a confirmation.
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
                    "Nothing was changed: the user was asked and declined. Do not repeat the call unless the user asks"
                            + " for it.");
        }
    }

    private static void requireSame(String hash, String confirmed) {
        if (!confirmed.equals(hash)) {
            throw new MCPToolError(
                    StandardErrorCode.PLAN_CHANGED,
                    "Nothing was changed: plan '" + confirmed + "' was confirmed, but the plan is different now"
                            + " because the system or the arguments have changed. Call with "
                            + ChangeArguments.DRY_RUN + " to see the new plan.",
                    Map.of(ChangeArguments.PLAN_HASH, hash));
        }
    }
}
