package io.qicore.mcp.kafka.access;

/** When a tool that overwrites or deletes asks before it does. */
public enum ConfirmationMode {
    /**
     * Asks the user through the client if the client can do that, and goes ahead otherwise: hosts gate tools by their
     * annotations. The default.
     */
    WHEN_SUPPORTED,
    /**
     * Asks the user through the client; a client that cannot ask gets the plan and has to repeat the call with the
     * plan's hash.
     */
    ALWAYS,
    /** Never asks. */
    NEVER
}
