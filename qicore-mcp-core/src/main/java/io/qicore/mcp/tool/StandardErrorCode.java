package io.qicore.mcp.tool;

/** The error codes that all servers share. */
public enum StandardErrorCode implements ErrorCode {
    /** An argument is missing, unknown, of the wrong type or out of range. The message names it. */
    INVALID_ARGUMENT(false),
    /** The call exceeded its deadline and was cancelled. Unless the tool is read-only, its effect is unknown. */
    DEADLINE_EXCEEDED(true),
    /** The server has no place for the call now: there are too many, or too many of this caller. Nothing was done. */
    BUSY(true),
    /** The service behind the tool is unreachable or failed. The message names the service. */
    EXTERNAL_SERVICE_ERROR(true),
    /** The server's credentials do not permit the operation. An administrator must grant the permission. */
    NOT_AUTHORIZED(false),
    /** The plan has changed since the call or the user confirmed it. Nothing was changed. */
    PLAN_CHANGED(false),
    /** The user was asked and declined. Nothing was changed. */
    DECLINED(false),
    /** An unexpected failure. The message contains a correlation id; the server logs the details with this id. */
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
