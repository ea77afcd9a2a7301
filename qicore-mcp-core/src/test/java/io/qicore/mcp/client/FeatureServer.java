package io.qicore.mcp.client;

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
import io.qicore.mcp.tool.ElicitationAnswer;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.LogLevel;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ResourceContents;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolHandler;
import io.qicore.mcp.tool.ToolResult;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that has everything that a client can use. */
final class FeatureServer extends StatelessMCPServer {

    record Nothing() {}

    record Said(String text) {}

    record Form(String name) {}

    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger reads = new AtomicInteger();
    final CountDownLatch cancelled = new CountDownLatch(1);
    final List<Runnable> watchers = new CopyOnWriteArrayList<>();

    FeatureServer(ServerSettings.Builder settings) {
        super(
                new ServerInfo("features", "1.0"),
                settings.taskStore(new InMemoryTaskStore()).build());
    }

    void change() {
        toolsChanged();
        promptsChanged();
        watchers.forEach(Runnable::run);
    }

    private static MCPTool.Builder<Nothing, Said> quiet(String name) {
        return MCPTool.builder(name, Nothing.class, Said.class)
                .description("For tests.")
                .annotations(ToolAnnotations.readOnly());
    }

    @Override
    public List<MCPTool> tools() {
        ObjectNode region = Json.object().put("type", "object");
        region.putObject("properties").putObject("region").put("type", "string").put("x-mcp-header", "Region");
        return List.of(
                quiet("progress")
                        .handler((nothing, context) -> {
                            for (int i = 1; i <= 3; i++) {
                                context.progress(i, 3.0, "step " + i);
                            }
                            context.log(LogLevel.WARNING, "tests", "nearly done");
                            context.log(LogLevel.DEBUG, "tests", "details");
                            return new Said("done");
                        })
                        .build(),
                quiet("ask").resultHandler((nothing, context) -> asked(context)).build(),
                quiet("ask_for_ever")
                        .resultHandler((nothing, context) -> ToolResult.inputRequired(InputRequests.builder()
                                .elicit("form", Elicitation.form("Again?", Form.class))
                                .build()))
                        .build(),
                quiet("open_page")
                        .resultHandler((nothing, context) -> {
                            Optional<ElicitationAnswer> answer =
                                    context.inputs().elicitation("page");
                            return answer.isEmpty()
                                    ? ToolResult.inputRequired(InputRequests.builder()
                                            .elicit(
                                                    "page",
                                                    Elicitation.url("Sign in", URI.create("https://pay.example/x")))
                                            .build())
                                    : ToolResult.of(
                                            new Said(answer.get().action().name()));
                        })
                        .build(),
                quiet("ask_model")
                        .resultHandler((nothing, context) -> {
                            if (context.inputs().raw("model").isEmpty()) {
                                return ToolResult.inputRequired(InputRequests.builder()
                                        .sample("model", Json.object().put("maxTokens", 10))
                                        .listRoots("roots")
                                        .build());
                            }
                            return ToolResult.of(
                                    new Said(context.inputs()
                                                    .raw("model")
                                                    .orElseThrow()
                                                    .path("model")
                                                    .asText() + " "
                                            + context.inputs()
                                                    .raw("roots")
                                                    .orElseThrow()
                                                    .path("roots")
                                                    .path(0)
                                                    .path("uri")
                                                    .asText()));
                        })
                        .build(),
                MCPTool.builder("content", Json.object().put("type", "object"))
                        .description("For tests.")
                        .resultHandler((nothing, context) -> ToolResult.content(
                                Content.text("a"),
                                Content.image(new byte[] {1, 2}, "image/png"),
                                Content.audio(new byte[] {3}, "audio/wav"),
                                new Content.ResourceLink("r://x", "x", null, "text/plain"),
                                Content.embedded(new ResourceContents.Blob("r://y", null, new byte[] {4}))))
                        .build(),
                quiet("long")
                        .resultHandler((nothing, context) -> ToolResult.task(task -> {
                            task.progress(1, 2.0, "half");
                            return ToolResult.of(new Said("long"));
                        }))
                        .build(),
                quiet("long_wait")
                        .resultHandler((nothing, context) -> ToolResult.task(task -> {
                            Thread.sleep(20_000);
                            return ToolResult.of(new Said("late"));
                        }))
                        .build(),
                quiet("long_ask")
                        .resultHandler((nothing, context) -> ToolResult.task(FeatureServer::asked))
                        .build(),
                MCPTool.builder("region", region)
                        .description("For tests.")
                        .handler((arguments, context) -> arguments)
                        .build(),
                quiet("flaky").handler(flaky()).build(),
                MCPTool.builder("flaky_change", Nothing.class, Said.class)
                        .description("For tests.")
                        .annotations(ToolAnnotations.destructive())
                        .handler(flaky())
                        .build(),
                quiet("trace")
                        .handler((nothing, context) ->
                                new Said(context.traceContext().toString()))
                        .build(),
                quiet("wait")
                        .handler((nothing, context) -> {
                            context.onCancel(cancelled::countDown);
                            Thread.sleep(10_000);
                            return new Said("late");
                        })
                        .build());
    }

    private ToolHandler<Nothing, Said> flaky() {
        return (nothing, context) -> {
            if (failures.getAndDecrement() > 0) {
                throw new MCPToolError("BUSY", "Later.", Map.of(), true, null);
            }
            return new Said("worked");
        };
    }

    private static ToolResult asked(RequestContext context) {
        Optional<ElicitationAnswer> answer = context.inputs().elicitation("form");
        if (answer.isEmpty()) {
            return ToolResult.inputRequired(InputRequests.builder()
                    .elicit("form", Elicitation.form("Who are you?", Form.class))
                    .state("s")
                    .build());
        }
        return ToolResult.of(new Said(
                answer.get().isAccepted()
                        ? answer.get().as(Form.class).name()
                        : answer.get().action().name()));
    }

    @Override
    public List<MCPResource> resources() {
        return List.of(
                MCPResource.of("r://one", "one")
                        .description("One.")
                        .mimeType("text/plain")
                        .reader((uri, variables, context) -> ResourceResult.text("one " + reads.incrementAndGet()))
                        .watcher((uri, caller, changed) -> {
                            watchers.add(changed);
                            return () -> watchers.remove(changed);
                        })
                        .build(),
                MCPResource.template("r://orders/{id}", "order")
                        .reader((uri, variables, context) -> ResourceResult.text("order " + variables.get("id")))
                        .completer("id", (typed, others, context) -> List.of(typed + "1", typed + "2"))
                        .build());
    }

    @Override
    public List<MCPPrompt> prompts() {
        return List.of(MCPPrompt.builder("greet")
                .description("Greets.")
                .argument("name", "Who", true)
                .completer("name", (typed, others, context) -> List.of(typed + "ice", others.getOrDefault("x", "none")))
                .handler((arguments, context) -> PromptResult.user("Hello " + arguments.get("name")))
                .build());
    }
}
