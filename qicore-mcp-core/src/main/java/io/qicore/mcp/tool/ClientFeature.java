package io.qicore.mcp.tool;

/** A capability that a client may offer to the server while a request is served. */
public enum ClientFeature {
    /** Shows a form to the user. */
    ELICITATION_FORM,
    /** Asks the user to open a web page. */
    ELICITATION_URL,
    /** Runs a prompt on the client's model. Deprecated by MCP 2026-07-28. */
    SAMPLING,
    /** Lists the folders that the user has opened. Deprecated by MCP 2026-07-28. */
    ROOTS,
    /** Follows a tool call that continues as a task. */
    TASKS
}
