package io.qicore.mcp.timescale.internal.change;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.ElicitationAnswer;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a planned change that deletes something is made now. Stateless: what was asked is remembered in the
 * sealed state that travels with the question, so that any replica understands the answer.
 *
 * <p>A call that names the hash of a plan is its own confirmation: it is refused when the plan is another one by now.
 */
public final class Confirmation {

    /** Of the argument that tools take the hash in. */
    private static final String ARGUMENT = "planHash";

    private static final String QUESTION = "confirm";

    private final ConfirmationMode mode;

    /** What is to be done next. */
    public enum Verdict {
        /** Make the change. */
        PROCEED,
        /** Answer with the plan and its hash. */
        SHOW_PLAN,
        /** Put the question to the user. */
        ASK
    }

    record Form(@Schema("Yes, do it") boolean proceed) {}

    record Asked(String hash) {}

    public Confirmation(ConfirmationMode mode) {
        this.mode = mode;
    }

    /**
     * What to do with a plan.
     *
     * @param hash of the plan as it is now
     * @param repeated the hash that the call named, if any
     * @throws MCPToolError {@link TimescaleErrorCode#PLAN_CHANGED} if the call named another plan, or
     *     {@link TimescaleErrorCode#NOT_CONFIRMED} if the user declined
     */
    public Verdict on(String hash, @Nullable String repeated, RequestContext context) {
        if (repeated != null) {
            requireSame(hash, repeated.strip());
            return Verdict.PROCEED;
        }
        if (mode == ConfirmationMode.NEVER) {
            return Verdict.PROCEED;
        }
        if (!context.clientSupports(ClientFeature.ELICITATION_FORM)) {
            return mode == ConfirmationMode.ALWAYS ? Verdict.SHOW_PLAN : Verdict.PROCEED;
        }
        Optional<ElicitationAnswer> answer = context.inputs().elicitation(QUESTION);
        boolean samePlan = context.inputs()
                .state(Asked.class)
                .filter(asked -> hash.equals(asked.hash()))
                .isPresent();
        if (answer.isEmpty() || !samePlan) {
            return Verdict.ASK;
        }
        if (answer.get().isAccepted() && answer.get().as(Form.class).proceed()) {
            return Verdict.PROCEED;
        }
        throw new MCPToolError(
                TimescaleErrorCode.NOT_CONFIRMED,
                "The user was asked and did not agree. Nothing was changed; do not try again unasked.",
                Map.of(ARGUMENT, hash));
    }

    /** The question to the user about a plan. */
    public InputRequests question(String message, String hash) {
        return InputRequests.builder()
                .elicit(QUESTION, Elicitation.form(message, Form.class))
                .state(new Asked(hash))
                .build();
    }

    private static void requireSame(String hash, String repeated) {
        if (!repeated.equals(hash)) {
            throw new MCPToolError(
                    TimescaleErrorCode.PLAN_CHANGED,
                    "Nothing was changed: the plan is no longer the one of " + ARGUMENT + " '" + repeated
                            + "', because the database or the arguments are not what they were. Call without "
                            + ARGUMENT
                            + " for a new plan.",
                    Map.of(ARGUMENT, hash));
        }
    }
}
