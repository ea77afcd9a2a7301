package io.qicore.mcp.resource;

import io.qicore.mcp.tool.RequestContext;
import java.util.Map;

/** Reads resources. Implementations must be thread-safe. */
@FunctionalInterface
public interface ResourceReader {

    /**
     * Reads one resource. May block; the thread is interrupted when the request is cancelled or its deadline passes.
     *
     * @param uri the requested URI
     * @param variables the values of the template's variables; empty for a resource with a fixed URI. The values are
     *     percent-decoded and may contain slashes and dots: check them before using them in a file path
     * @param context the request's deadline, cancellation and caller
     * @return the contents, or {@link ResourceResult#notFound()}
     * @throws io.qicore.mcp.tool.MCPToolError for a failure that the agent should see; the client gets a JSON-RPC error
     *     with this message, and with the code and context as its data
     * @throws Exception for any other failure; the client gets a correlation id, and the details are logged
     */
    ResourceResult read(String uri, Map<String, String> variables, RequestContext context) throws Exception;
}
