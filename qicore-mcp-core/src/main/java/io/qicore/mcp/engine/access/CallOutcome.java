package io.qicore.mcp.engine.access;

/** How a request ended. */
public enum CallOutcome {
    /** With a result, including one that asks for input or starts a task. */
    SUCCEEDED,
    /** With the error of a tool, which the agent sees. */
    TOOL_FAILED,
    /** With a JSON-RPC error, such as for an unknown tool. */
    FAILED,
    /** With the denial of an interceptor, or because the server is busy. */
    DENIED,
    /** Without an answer, because the client or the server has cancelled it. */
    CANCELLED
}
