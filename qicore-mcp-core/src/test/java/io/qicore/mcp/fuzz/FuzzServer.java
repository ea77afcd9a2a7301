package io.qicore.mcp.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.task.InMemoryTaskStore;
import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.LogLevel;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ResourceContents;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.transport.ServerTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server with every feature, whose handlers never fail by themselves: whatever fails, the engine let through. */
final class FuzzServer extends StatelessMCPServer {

    /** Every kind of argument. */
    record Arguments(
            String text,
            int count,
            Optional<Double> ratio,
            Optional<Boolean> flag,

            @Schema(defaultValue = "5", minimum = 1, maximum = 100)
            long limit,

            Optional<List<Child>> children) {}

    /** What arguments may contain. */
    record Child(Optional<String> name, Optional<Instant> when) {}

    /** A field of a form. */
    record Confirm(boolean proceed) {}

    private static final String SCHEMA = """
            {"type": "object", "$defs": {"tree": {"type": "object", "properties": {
                 "value": {}, "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}}},
             "properties": {
                 "region": {"type": "string", "x-mcp-header": "Region", "pattern": "^[a-z]*$"},
                 "shard": {"type": "integer", "x-mcp-header": "Shard"},
                 "tree": {"$ref": "#/$defs/tree"},
                 "when": {"type": "string", "format": "date-time"},
                 "step": {"type": "number", "multipleOf": 0.1},
                 "one": {"oneOf": [{"const": 1}, {"enum": ["a", null]}]}}}""";

    FuzzServer() {
        this(List.of());
    }

    FuzzServer(List<ServerTransport> transports) {
        super(
                new ServerInfo("fuzz", "1.0", "Fuzz", "Only for tests."),
                ServerSettings.builder()
                        // Tasks that wait for an answer are running tasks.
                        .maxConcurrentCalls(10_000)
                        .taskStore(new InMemoryTaskStore())
                        .transports(transports)
                        .build());
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(
                MCPTool.builder("typed", Arguments.class, Arguments.class)
                        .description("Says the same.")
                        .handler((arguments, context) -> arguments)
                        .build(),
                MCPTool.builder("any", schema())
                        .description("Says the same, whatever it is.")
                        .handler((arguments, context) -> arguments)
                        .build(),
                MCPTool.builder("ask", Json.object().put("type", "object"))
                        .description("Asks first.")
                        .resultHandler(FuzzServer::ask)
                        .build(),
                MCPTool.builder("task", Json.object().put("type", "object"))
                        .description("Goes on as a task.")
                        .resultHandler((arguments, context) -> ToolResult.task(task -> ask(arguments, task)))
                        .build(),
                MCPTool.builder("chatter", Json.object().put("type", "object"))
                        .description("Tells about its work.")
                        .resultHandler(FuzzServer::chatter)
                        .build());
    }

    private static ObjectNode schema() {
        try {
            return (ObjectNode) Json.MAPPER.readTree(SCHEMA);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ToolResult ask(ObjectNode arguments, RequestContext context) {
        if (context.inputs().elicitation("confirm").isEmpty()) {
            return ToolResult.inputRequired(InputRequests.builder()
                    .elicit("confirm", Elicitation.form("Sure?", Confirm.class))
                    .state(arguments)
                    .build());
        }
        return ToolResult.text(String.valueOf(context.inputs().state(ObjectNode.class)));
    }

    private static ToolResult chatter(ObjectNode arguments, RequestContext context) {
        context.progress(0.5, 1.0, "half");
        context.log(LogLevel.ERROR, "fuzz", arguments);
        return ToolResult.content(
                Content.text(context.traceContext().toString()),
                Content.image(new byte[] {1}, "image/png"),
                Content.audio(new byte[] {2}, "audio/wav"),
                new Content.ResourceLink("fuzz://fixed", "link", null, null),
                Content.embedded(new ResourceContents.Text("fuzz://fixed", null, "x")));
    }

    @Override
    public List<MCPResource> resources() {
        return List.of(
                MCPResource.of("fuzz://fixed", "fixed")
                        .reader((uri, variables, context) -> ResourceResult.blob(new byte[] {1, 2, 3}))
                        .watcher((uri, caller, changed) -> () -> {})
                        .build(),
                MCPResource.template("fuzz://{a}/x-{b}-y/{+rest}", "template")
                        .reader((uri, variables, context) -> ResourceResult.text(variables.toString()))
                        .completer("a", (typed, others, context) -> List.of(typed + "1"))
                        .build());
    }

    @Override
    public List<MCPPrompt> prompts() {
        return List.of(MCPPrompt.builder("greet")
                .argument("name", "who", true)
                .argument("style", "how", false)
                .completer("name", (typed, others, context) -> many(typed))
                .handler((arguments, context) ->
                        PromptResult.user(Map.copyOf(arguments).toString()))
                .build());
    }

    private static List<String> many(String prefix) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            values.add(prefix + i);
        }
        return values;
    }
}
