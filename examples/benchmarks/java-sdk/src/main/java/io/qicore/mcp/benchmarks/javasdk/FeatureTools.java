package io.qicore.mcp.benchmarks.javasdk;

import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.BlobResourceContents;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitUrlRequest;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.SamplingMessage;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The tools of {@link FeatureServer}. */
final class FeatureTools {

    /** The first four bytes of a PNG file in Base64. */
    private static final String PIXEL = Base64.getEncoder().encodeToString(new byte[] {(byte) 0x89, 0x50, 0x4e, 0x47});

    private static final String SOUND = Base64.getEncoder().encodeToString(new byte[] {'R', 'I', 'F', 'F'});

    private static final Map<String, Object> NOTHING = Map.of("type", "object");

    private final AtomicInteger reads;
    private final AtomicInteger calls = new AtomicInteger();
    private final Consumer<String> change;

    /** @param change adds something to a list of the server, or tells that a resource has changed */
    FeatureTools(AtomicInteger reads, Consumer<String> change) {
        this.reads = reads;
        this.change = change;
    }

    List<SyncToolSpecification> all() {
        return List.of(
                new SyncToolSpecification(add(), (exchange, request) -> sum(request)),
                tool("content", NOTHING, (exchange, request) -> content()),
                tool("fail", NOTHING, (exchange, request) -> CallToolResult.builder()
                        .addTextContent("It failed on purpose.")
                        .isError(true)
                        .build()),
                tool("crash", NOTHING, (exchange, request) -> {
                    throw new IllegalStateException("It crashed on purpose.");
                }),
                tool("exit", NOTHING, (exchange, request) -> {
                    Runtime.getRuntime().halt(7);
                    return text("ended");
                }),
                tool("steps", required("steps", "integer"), FeatureTools::steps),
                tool("slow", required("ms", "integer"), FeatureTools::slow),
                tool(
                        "state",
                        NOTHING,
                        (exchange, request) -> text("{\"reads\":" + reads + ",\"calls\":" + calls + "}")),
                tool("ask_form", NOTHING, (exchange, request) -> form(exchange)),
                tool("ask_page", NOTHING, (exchange, request) -> page(exchange)),
                tool("ask_model", NOTHING, (exchange, request) -> model(exchange)),
                tool("ask_roots", NOTHING, (exchange, request) -> roots(exchange)),
                tool("change", required("what", "string"), (exchange, request) -> {
                    change.accept(String.valueOf(request.arguments().get("what")));
                    return text("changed");
                }));
    }

    static SyncToolSpecification extra() {
        return tool("extra", NOTHING, (exchange, request) -> text("extra"));
    }

    private static SyncToolSpecification tool(
            String name,
            Map<String, Object> schema,
            BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> handler) {
        return new SyncToolSpecification(Tool.builder(name, schema).build(), handler);
    }

    private static Map<String, Object> required(String name, String type) {
        return Map.of("type", "object", "properties", Map.of(name, Map.of("type", type)), "required", List.of(name));
    }

    private static Tool add() {
        Map<String, Object> number = Map.of("type", "number");
        return Tool.builder(
                        "add",
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of("a", number, "b", number),
                                "required",
                                List.of("a", "b")))
                .description("Adds two numbers.")
                .outputSchema(Map.of("type", "object", "properties", Map.of("sum", number), "required", List.of("sum")))
                .annotations(ToolAnnotations.builder()
                        .readOnlyHint(true)
                        .idempotentHint(true)
                        .openWorldHint(false)
                        .build())
                .build();
    }

    private CallToolResult sum(CallToolRequest request) {
        calls.incrementAndGet();
        double sum = ((Number) request.arguments().get("a")).doubleValue()
                + ((Number) request.arguments().get("b")).doubleValue();
        return CallToolResult.builder()
                .addTextContent("{\"sum\":" + sum + "}")
                .structuredContent(Map.of("sum", sum))
                .build();
    }

    private static CallToolResult content() {
        return CallToolResult.builder()
                .addTextContent("one")
                .addContent(image())
                .addContent(AudioContent.builder(SOUND, "audio/wav").build())
                .addContent(ResourceLink.builder()
                        .uri("test://static")
                        .name("static")
                        .description("A link")
                        .mimeType("text/plain")
                        .build())
                .addContent(EmbeddedResource.builder(TextResourceContents.builder("test://embedded", "two")
                                .mimeType("text/plain")
                                .build())
                        .build())
                .addContent(EmbeddedResource.builder(BlobResourceContents.builder("test://blob", PIXEL)
                                .mimeType("image/png")
                                .build())
                        .build())
                .build();
    }

    private static CallToolResult steps(McpSyncServerExchange exchange, CallToolRequest request) {
        int steps = ((Number) request.arguments().get("steps")).intValue();
        Object token = request.meta() == null ? null : request.meta().get("progressToken");
        for (int step = 1; token != null && step <= steps; step++) {
            exchange.progressNotification(ProgressNotification.builder(token, step)
                    .total((double) steps)
                    .message("step " + step)
                    .build());
        }
        exchange.loggingNotification(new LoggingMessageNotification(LoggingLevel.DEBUG, "steps", "too fine"));
        exchange.loggingNotification(new LoggingMessageNotification(LoggingLevel.WARNING, "steps", "done " + steps));
        return text("done");
    }

    private static CallToolResult slow(McpSyncServerExchange exchange, CallToolRequest request) {
        try {
            Thread.sleep(((Number) request.arguments().get("ms")).longValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return text("interrupted");
        }
        return text("waited");
    }

    private static CallToolResult form(McpSyncServerExchange exchange) {
        ElicitResult result = exchange.createElicitation(ElicitFormRequest.builder(
                        "Who are you?",
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of(
                                        "name", Map.of("type", "string"),
                                        "count", Map.of("type", "integer", "default", 3)),
                                "required",
                                List.of("name")))
                .build());
        Map<String, Object> content = result.content();
        return text(
                result.action() == ElicitResult.Action.ACCEPT && content != null
                        ? "ACCEPT " + content.get("name") + " " + content.get("count")
                        : String.valueOf(result.action()));
    }

    private static CallToolResult page(McpSyncServerExchange exchange) {
        return text(String.valueOf(
                exchange.createElicitation(ElicitUrlRequest.builder("Sign in", "https://login.example/start", "e1")
                                .build())
                        .action()));
    }

    private static CallToolResult model(McpSyncServerExchange exchange) {
        CreateMessageResult result = exchange.createMessage(
                CreateMessageRequest.builder(List.of(new SamplingMessage(Role.USER, block("Say hello"))), 10)
                        .build());
        return text(result.model() + ": " + ((TextContent) result.content()).text());
    }

    private static CallToolResult roots(McpSyncServerExchange exchange) {
        return text(exchange.listRoots().roots().stream()
                .map(root -> root.name() + " " + root.uri())
                .collect(Collectors.joining(", ")));
    }

    static TextContent block(String text) {
        return TextContent.builder(text).build();
    }

    static ImageContent image() {
        return ImageContent.builder(PIXEL, "image/png").build();
    }

    private static CallToolResult text(String text) {
        return CallToolResult.builder().addTextContent(text).build();
    }
}
