package io.qicore.mcp.tool;

/** The error codes that every server shares. */
public enum StandardErrorCode implements ErrorCode {
    /** An argument is missing, unknown, of the wrong type or out of range; the message names it. */
    INVALID_ARGUMENT(false),
    /** The call did not end within its deadline and was cancelled; its effect is unknown unless the tool is read-only. */
    DEADLINE_EXCEEDED(true),
    /** The service behind the tool cannot be reached or failed; the message names it. */
    EXTERNAL_SERVICE_ERROR(true),
    /** The credentials of this server do not allow the operation; somebody has to grant it. */
    NOT_AUTHORIZED(false),
    /** The call named a plan, or the user agreed to one, and the plan is another one by now; nothing was changed. */
    PLAN_CHANGED(false),
    /** The user was asked and did not agree; nothing was changed. */
    DECLINED(false),
    /** An unexpected failure. The message has a correlation id under which the server's log has the details. */
    INTERNAL_ERROR(false);

    private final boolean retryable;

    StandardErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    @Override
    public boolean retryable() {
        return retryable;
    }
}
