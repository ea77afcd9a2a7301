package io.qicore.mcp.tool;

/**
 * Does the work of one tool. Called by many threads at once, so it keeps no state of its own: what a call needs is in
 * its arguments, what lasts is in the system behind the server.
 *
 * @param <A> the arguments, usually a record
 * @param <R> the result, usually a record
 */
@FunctionalInterface
public interface ToolHandler<A, R> {

    /**
     * Serves one call. May block; is interrupted when the call is cancelled or its deadline passes.
     *
     * @param arguments valid by the tool's input schema, defaults filled in
     * @param context the call's deadline, cancellation and caller
     * @return the result; becomes {@code structuredContent} and, as JSON text, {@code content}
     * @throws MCPToolError for a failure that the agent should see
     * @throws Exception for anything unexpected: the agent gets {@link StandardErrorCode#INTERNAL_ERROR} with a
     *     correlation id, the log gets the rest
     */
    R handle(A arguments, RequestContext context) throws Exception;
}
