package io.qicore.mcp.prompt;

import io.qicore.mcp.tool.RequestContext;
import java.util.Map;

/** Writes a prompt. Called by many threads at once. */
@FunctionalInterface
public interface PromptHandler {

    /**
     * Writes the prompt for the given arguments. May block; is interrupted when the request is cancelled or its deadline
     * passes.
     *
     * @param arguments values by name; the required ones are there
     * @throws io.qicore.mcp.tool.MCPToolError for a failure that the agent should see: an error with its message and, as
     *     data, its code and context
     * @throws Exception for anything unexpected; the client gets a correlation id, the log gets the rest
     */
    PromptResult handle(Map<String, String> arguments, RequestContext context) throws Exception;
}
