package io.qicore.mcp.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.tool.ElicitationAnswer;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.TaskWork;
import io.qicore.mcp.tool.ToolHandler;
import io.qicore.mcp.tool.ToolResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tools that answer with tasks, for the scenarios of the extension {@code io.modelcontextprotocol/tasks}. */
final class TaskTools {

    private TaskTools() {}

    static List<MCPTool> all() {
        return List.of(
                Tools.withText(
                        "greet",
                        "Greets, at once.",
                        "name",
                        (arguments, context) -> ToolResult.text("Hello, " + text(arguments, "name") + "!")),
                slowCompute(),
                required(
                        "failing_job",
                        (arguments, context) -> ToolResult.task(task -> {
                            pause(1);
                            throw new MCPToolError("JOB_FAILED", "This job always fails.");
                        })),
                open(
                        "protocol_error_job",
                        "Breaks down.",
                        (arguments, context) -> ToolResult.task(task -> {
                            throw new IllegalStateException("Broken on purpose");
                        })),
                open(
                        "confirm_delete",
                        "Deletes after a confirmation.",
                        (arguments, context) -> ToolResult.task(TaskTools::confirm)),
                open("multi_input", "Asks two things at once.", (arguments, context) -> ToolResult.task(two())),
                required("test_tool_with_task", TaskTools::askThenWork));
    }

    private static MCPTool slowCompute() {
        ObjectNode schema = Tools.schema().put("additionalProperties", true);
        schema.withObjectProperty("properties").putObject("seconds").put("type", "number");
        return Tools.of("slow_compute", "Computes for some seconds.", schema, (arguments, context) -> {
            double seconds = arguments.path("seconds").asDouble();
            return ToolResult.task(task -> {
                pause(seconds);
                return ToolResult.text("Computed for " + seconds + " s");
            });
        });
    }

    /** A tool that ignores its arguments. */
    private static MCPTool open(String name, String description, ToolHandler<ObjectNode, ToolResult> handler) {
        return Tools.of(name, description, Tools.schema().put("additionalProperties", true), handler);
    }

    private static MCPTool required(String name, ToolHandler<ObjectNode, ToolResult> handler) {
        return MCPTool.builder(name, Tools.schema().put("additionalProperties", true))
                .description("Runs as a task only.")
                .requiresTask()
                .resultHandler(handler)
                .build();
    }

    private static ToolResult confirm(RequestContext task) {
        Optional<ElicitationAnswer> answer = task.inputs().elicitation("confirm");
        if (answer.isEmpty()) {
            return ToolResult.inputRequired(InputRequests.builder()
                    .elicit("confirm", Forms.texts("Really delete?", "confirm"))
                    .build());
        }
        return ToolResult.text(answer.get().isAccepted() ? "Deleted" : "Kept");
    }

    private static TaskWork two() {
        return task -> {
            Optional<ElicitationAnswer> first = task.inputs().elicitation("first");
            Optional<ElicitationAnswer> second = task.inputs().elicitation("second");
            if (first.isEmpty() || second.isEmpty()) {
                return ToolResult.inputRequired(InputRequests.builder()
                        .elicit("first", Forms.texts("First?", "value"))
                        .elicit("second", Forms.texts("Second?", "value"))
                        .build());
            }
            return ToolResult.text(
                    first.get().content() + " and " + second.get().content());
        };
    }

    /** Asks before there is a task, and goes on as one. */
    private static ToolResult askThenWork(ObjectNode arguments, RequestContext context) {
        Optional<ElicitationAnswer> answer = context.inputs().elicitation("user_name");
        if (answer.isEmpty()) {
            return ToolResult.inputRequired(InputRequests.builder()
                    .elicit("user_name", Forms.texts("What is your name?", "name"))
                    .build());
        }
        String name = text(answer.get().content(), "name");
        return ToolResult.task(task -> ToolResult.text("Worked for " + name));
    }

    private static String text(ObjectNode object, String member) {
        return object.path(member).asText();
    }

    /** Takes its time, unless it is interrupted. */
    private static void pause(double seconds) throws InterruptedException {
        new CountDownLatch(1).await((long) (seconds * 1000), TimeUnit.MILLISECONDS);
    }
}
