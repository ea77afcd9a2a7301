package io.qicore.mcp.conformance;

import io.qicore.mcp.tool.LogLevel;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Tools that tell the client something while they work. */
final class NotifyingTools {

    private static final String LOGGER = "conformance";
    private static final Executor SOON = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

    private NotifyingTools() {}

    static List<MCPTool> all() {
        return List.of(
                inSteps(
                        "test_tool_with_logging",
                        "Logs three messages, some time apart.",
                        context -> info(context, "Tool execution started"),
                        context -> info(context, "Tool processing data"),
                        context -> info(context, "Tool execution completed")),
                inSteps(
                        "test_tool_with_progress",
                        "Reports progress three times, some time apart.",
                        context -> context.progress(0, 100.0, "Begun"),
                        context -> context.progress(50, 100.0, "Half way"),
                        context -> context.progress(100, 100.0, "Done")),
                Tools.plain("test_logging_tool", "Logs a message to clients that want any.", (arguments, context) -> {
                    info(context, "Only for those who asked");
                    return ToolResult.text("Logged.");
                }));
    }

    @FunctionalInterface
    private interface Step {
        void run(RequestContext context);
    }

    private static MCPTool inSteps(String name, String description, Step first, Step second, Step third) {
        return MCPTool.builder(name, Tools.schema())
                .description(description)
                .annotations(ToolAnnotations.readOnly())
                .asyncHandler((arguments, context) -> {
                    first.run(context);
                    return CompletableFuture.runAsync(() -> second.run(context), SOON)
                            .thenRunAsync(() -> third.run(context), SOON)
                            .thenApply(nothing -> (Object) ToolResult.text(name + " is done."));
                })
                .build();
    }

    private static void info(RequestContext context, String message) {
        context.log(LogLevel.INFO, LOGGER, message);
    }
}
