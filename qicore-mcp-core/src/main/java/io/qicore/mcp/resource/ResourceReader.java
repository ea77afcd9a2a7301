package io.qicore.mcp.resource;

import io.qicore.mcp.tool.RequestContext;
import java.util.Map;

/** Reads resources. Called by many threads at once. */
@FunctionalInterface
public interface ResourceReader {

    /**
     * Reads one resource. May block; is interrupted when the request is cancelled or its deadline passes.
     *
     * @param uri the URI that was asked for
     * @param variables the values of the template's variables; empty for a resource with a fixed URI. They are decoded, so
     *     any of them may contain slashes and dots: check before you make a path of them
     * @param context the request's deadline, cancellation and caller
     * @return the contents, or {@link ResourceResult#notFound()}
     * @throws io.qicore.mcp.tool.MCPToolError for a failure that the agent should see: an error with its message and, as
     *     data, its code and context
     * @throws Exception for anything unexpected; the client gets a correlation id, the log gets the rest
     */
    ResourceResult read(String uri, Map<String, String> variables, RequestContext context) throws Exception;
}
