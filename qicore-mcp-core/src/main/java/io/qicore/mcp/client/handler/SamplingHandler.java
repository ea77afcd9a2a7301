package io.qicore.mcp.client.handler;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Runs prompts of servers on the application's model. MCP 2026-07-28 deprecates this, so parameters and answer are plain JSON.
 * Called on a thread that may block; must be thread-safe, because several calls can ask at once.
 */
@FunctionalInterface
public interface SamplingHandler {

    /**
     * Runs a prompt. An exception makes the call fail with {@code MCPInputException}.
     *
     * @param params the parameters of {@code sampling/createMessage}; let a person approve them
     * @return the result of {@code sampling/createMessage}: {@code role}, {@code content}, {@code model} and perhaps
     *     {@code stopReason}
     * @throws Exception if the prompt cannot be run
     */
    ObjectNode sample(ObjectNode params) throws Exception;
}
