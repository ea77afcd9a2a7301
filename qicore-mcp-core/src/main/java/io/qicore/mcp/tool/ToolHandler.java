package io.qicore.mcp.tool;

/**
 * Does the work of one tool. Handlers must be thread-safe and keep no state between calls: state belongs in the
 * arguments or in the system behind the server.
 *
 * @param <A> the type of the arguments, usually a record
 * @param <R> the type of the result, usually a record
 */
@FunctionalInterface
public interface ToolHandler<A, R> {

    /**
     * Handles one call. May block; the thread is interrupted when the call is cancelled or its deadline passes.
     *
     * @param arguments the arguments, valid by the input schema and with defaults filled in
     * @param context the call's deadline, cancellation and caller
     * @return the result, which is sent as {@code structuredContent} and, as JSON text, as {@code content}
     * @throws MCPToolError for a failure that the agent should see
     * @throws Exception for any other failure; the agent gets {@link StandardErrorCode#INTERNAL_ERROR} with a
     *     correlation id, and the details are logged
     */
    R handle(A arguments, RequestContext context) throws Exception;
}
