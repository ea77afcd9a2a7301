package io.qicore.mcp.prompt;

import io.qicore.mcp.tool.RequestContext;
import java.util.Map;

/** Produces the messages of a prompt. Implementations must be thread-safe. */
@FunctionalInterface
public interface PromptHandler {

    /**
     * Produces the messages for the given arguments. May block; the thread is interrupted when the request is cancelled
     * or its deadline passes.
     *
     * @param arguments the values by argument name; required arguments are always present
     * @param context the request's deadline, cancellation and caller
     * @return the messages, or a request for input from the client
     * @throws io.qicore.mcp.tool.MCPToolError for a failure that the agent should see; the client gets a JSON-RPC error
     *     with this message, and with the code and context as its data
     * @throws Exception for any other failure; the client gets a correlation id, and the details are logged
     */
    PromptResult handle(Map<String, String> arguments, RequestContext context) throws Exception;
}
