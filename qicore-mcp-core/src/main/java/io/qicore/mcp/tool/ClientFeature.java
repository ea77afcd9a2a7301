package io.qicore.mcp.tool;

/** What a client may be able to do for a server while it serves a request. */
public enum ClientFeature {
    /** Show a form to the user. */
    ELICITATION_FORM,
    /** Ask the user to open a page. */
    ELICITATION_URL,
    /** Run a prompt on the client's model. Deprecated by MCP 2026-07-28. */
    SAMPLING,
    /** List the folders that the user has opened. Deprecated by MCP 2026-07-28. */
    ROOTS,
    /** Follow a tool call that goes on as a task. */
    TASKS
}
