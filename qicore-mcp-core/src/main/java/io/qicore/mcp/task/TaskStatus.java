package io.qicore.mcp.task;

/** Where a task is in its life. */
public enum TaskStatus {
    /** It runs. */
    WORKING,
    /** It waits for answers of the client. */
    INPUT_REQUIRED,
    /** It has a result, which may report an error of the tool. */
    COMPLETED,
    /** It ended unexpectedly and has no result. */
    FAILED,
    /** The client did not want it any more. */
    CANCELLED;

    /** Whether nothing can follow. */
    public boolean isTerminal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
