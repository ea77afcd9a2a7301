package io.qicore.mcp.tool;

/** The part of a tool's work that goes on after its call was answered with a task. See {@link ToolResult#task}. */
@FunctionalInterface
public interface TaskWork {

    /**
     * Does the work, on a thread of its own. Is interrupted when the task is cancelled or its time is up. If it returns
     * {@link ToolResult.InputRequired}, the task waits for the client and this method is called again, with the answers
     * in {@link RequestContext#inputs()}.
     *
     * @param context of the task; {@link RequestContext#progress} with a message becomes the task's status message
     * @throws MCPToolError for a failure that the agent should see as the task's result
     * @throws Exception for anything unexpected: the task fails with a correlation id
     */
    ToolResult run(RequestContext context) throws Exception;
}
