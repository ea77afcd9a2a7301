package io.qicore.mcp.tool;

/** The work of a tool that continues in the background after the call returned a task. See {@link ToolResult#task}. */
@FunctionalInterface
public interface TaskWork {

    /**
     * Does the work on its own thread, which is interrupted when the task is cancelled or its time is up. If the method
     * returns {@link ToolResult.InputRequired}, the task waits for the client; then the method is called again with the
     * answers in {@link RequestContext#inputs()}.
     *
     * @param context the context of the task; the message of {@link RequestContext#progress} becomes the status message
     *     of the task
     * @return the result of the task, or a request for input from the client
     * @throws MCPToolError for a failure that the agent should see as the result of the task
     * @throws Exception for any other failure; the task fails with a correlation id, and the details are logged
     */
    ToolResult run(RequestContext context) throws Exception;
}
