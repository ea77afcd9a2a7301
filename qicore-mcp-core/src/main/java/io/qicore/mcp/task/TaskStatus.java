package io.qicore.mcp.task;

/** The status of a task. */
public enum TaskStatus {
    /** The work is running. */
    WORKING,
    /** The task waits for input from the client. */
    INPUT_REQUIRED,
    /** The tool returned a result, which may report a tool error. */
    COMPLETED,
    /** The task ended with an unexpected failure and has no result. */
    FAILED,
    /** The client cancelled the task. */
    CANCELLED;

    /** Returns whether the status is final. */
    public boolean isTerminal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
