package io.qicore.mcp.interop;

import static io.qicore.mcp.interop.Checks.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.Subscription;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.ServerEndpoint;
import io.qicore.mcp.client.endpoint.StdioEndpoint;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.client.model.LogMessage;
import io.qicore.mcp.client.model.Progress;
import io.qicore.mcp.client.model.PromptDescription;
import io.qicore.mcp.client.model.ResourceDescription;
import io.qicore.mcp.client.model.ResourceTemplateDescription;
import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.LogLevel;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.ResourceContents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;
import org.awaitility.core.ThrowingRunnable;

/** The server of the MCP project that has every feature, on every transport that it has. */
final class EverythingChecks {

    private static final String TEXTS = "demo://resource/dynamic/text/{resourceId}";
    private static final String BLOBS = "demo://resource/dynamic/blob/{resourceId}";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Checks checks;
    private final String name;
    private final ServerEndpoint endpoint;
    private final MCPClient client;
    private final Queue<LogMessage> log = new ConcurrentLinkedQueue<>();
    private final Queue<String> pages = new ConcurrentLinkedQueue<>();

    private EverythingChecks(Checks checks, String transport, ServerEndpoint endpoint) {
        this.checks = checks;
        this.name = "server-everything, " + transport;
        this.endpoint = endpoint;
        this.client = Target.asking(endpoint, ProtocolMode.auto())
                .onLog(LogLevel.INFO, log::add)
                .onPage(page -> {
                    pages.add(page.url().toString());
                    return page.accept();
                })
                .build();
    }

    static void run(Checks checks, String node, Path folder) throws Exception {
        String script = folder.resolve("node_modules/@modelcontextprotocol/server-everything/dist/index.js")
                .toString();
        StdioEndpoint program = StdioEndpoint.of(node, script, "stdio").withVariable("INTEROP_SHARED", "yes");
        try (EverythingRun stdio = new EverythingRun(new EverythingChecks(checks, "stdio", program))) {
            stdio.checks().runAll();
            stdio.checks()
                    .check("environment of the program", () -> stdio.checks().environment(program));
        }
        try (ServerProgram http = ServerProgram.start(List.of(node, script, "streamableHttp"))) {
            EverythingChecks last = new EverythingChecks(checks, "HTTP", HttpEndpoint.of(http.uri("/mcp")));
            try (EverythingRun run = new EverythingRun(last)) {
                run.checks().runAll();
            }
            last.check(
                    "end of the session",
                    () -> eventually(() -> assertThat(http.output())
                            .anyMatch(line -> line.startsWith("Received session termination request"))));
        }
        try (ServerProgram sse = ServerProgram.start(List.of(node, script, "sse"))) {
            EverythingChecks last = new EverythingChecks(checks, "HTTP+SSE", HttpEndpoint.sse(sse.uri("/sse")));
            try (EverythingRun run = new EverythingRun(last)) {
                run.checks().runAll();
            }
            last.check(
                    "end of the connection",
                    () -> eventually(
                            () -> assertThat(sse.output()).anyMatch(line -> line.startsWith("Client Disconnected:"))));
            try (EverythingRun run = new EverythingRun(
                    new EverythingChecks(checks, "HTTP+SSE, found", HttpEndpoint.of(sse.uri("/sse"))))) {
                run.checks().check("structured result", run.checks()::structured);
            }
        }
    }

    /** Closes the client at the end. */
    private record EverythingRun(EverythingChecks checks) implements AutoCloseable {

        @Override
        public void close() {
            checks.client.close();
        }
    }

    private void check(String what, ThrowingRunnable body) {
        checks.check(name, what, body);
    }

    private void runAll() {
        check("negotiation", this::negotiation);
        check("list of tools", this::tools);
        check("text", () -> assertThat(
                        client.call("echo", Map.of("message", "Grüße")).asText())
                .isEqualTo("Echo: Grüße"));
        check("image", this::image);
        check("annotated message", this::annotated);
        check("links to resources", this::links);
        check("embedded resource", this::embedded);
        check("structured result", this::structured);
        check("a resource that a tool makes", this::compressed);
        check("wrong arguments and unknown tool", this::wrong);
        check("resources", this::resources);
        check("templates of resources", this::templates);
        check("subscription and log", this::subscription);
        check("prompts", this::prompts);
        check("completion", this::completion);
        check("progress", this::progress);
        check("cancellation and timeout", this::cancellation);
        check("sampling", this::sampling);
        check("form", this::form);
        check("form that is declined", this::declined);
        check("page", this::page);
        check("page that is required first", this::pageFirst);
        check("roots", () -> assertThat(text("get-roots-list", Map.of()))
                .contains("1. project", "file:///srv/project"));
        check("a client without handlers", this::withoutHandlers);
        check("50 calls at once", this::manyCalls);
    }

    private CallResult result(String tool, Map<String, ?> arguments) {
        return client.tool(tool).arguments(arguments).result();
    }

    private String text(String tool, Map<String, ?> arguments) {
        return result(tool, arguments).text();
    }

    private void negotiation() {
        assertThat(client.discover().name()).isEqualTo("mcp-servers/everything");
        assertThat(client.discover().version()).isEqualTo("2.0.0");
        assertThat(client.discover().protocolVersion()).isEqualTo("2025-11-25");
        assertThat(client.discover().instructions()).startsWith("# Everything Server");
    }

    private void tools() {
        List<ToolDescription> tools = client.listTools();
        assertThat(tools)
                .extracting(ToolDescription::name)
                .contains(
                        "echo",
                        "get-roots-list",
                        "trigger-elicitation-request",
                        "trigger-url-elicitation",
                        "trigger-sampling-request");
        assertThat(tools.get(0).title()).isEqualTo("Echo Tool");
        assertThat(tools.get(0).annotations().readOnlyHint()).isTrue();
    }

    private void image() {
        List<Content> content = result("get-tiny-image", Map.of()).content();
        assertThat(content).hasSize(3);
        assertThat(content.get(1)).isInstanceOfSatisfying(Content.Image.class, image -> {
            assertThat(image.mimeType()).isEqualTo("image/png");
            assertThat(new String(image.data(), 1, 3, StandardCharsets.US_ASCII))
                    .isEqualTo("PNG");
        });
    }

    private void annotated() {
        CallResult result = result("get-annotated-message", Map.of("messageType", "error", "includeImage", true));
        assertThat(result.text()).isEqualTo("Error: Operation failed");
        assertThat(result.content()).hasSize(2);
        assertThat(result.json().at("/content/0/annotations"))
                .isEqualTo(Json.tree(Map.of("priority", 1, "audience", List.of("user", "assistant"))));
        assertThat(result.json().at("/content/1/annotations/priority").doubleValue())
                .isEqualTo(0.5);
    }

    private void links() {
        assertThat(result("get-resource-links", Map.of("count", 2)).content())
                .containsExactly(
                        Content.text("Here are 2 resource links to resources available in this server:"),
                        new Content.ResourceLink(
                                "demo://resource/dynamic/blob/1",
                                "Blob Resource 1",
                                "Resource 1: plaintext resource",
                                "text/plain"),
                        new Content.ResourceLink(
                                "demo://resource/dynamic/text/2",
                                "Text Resource 2",
                                "Resource 2: plaintext resource",
                                "text/plain"));
    }

    private void embedded() {
        List<Content> content = result("get-resource-reference", Map.of("resourceType", "Blob", "resourceId", 3))
                .content();
        ResourceContents resource = ((Content.EmbeddedResource) content.get(1)).resource();
        assertThat(resource.uri()).isEqualTo("demo://resource/dynamic/blob/3");
        assertThat(new String(((ResourceContents.Blob) resource).blob(), StandardCharsets.UTF_8))
                .startsWith("Resource 3: This is a base64 blob");
    }

    /** A result of the tool get-structured-content. */
    record Weather(int temperature, String conditions, int humidity) {}

    private void structured() {
        assertThat(client.tool("get-structured-content")
                        .arguments(Map.of("location", "Chicago"))
                        .checkResult()
                        .call(Weather.class))
                .isEqualTo(new Weather(36, "Light rain / drizzle", 82));
    }

    private void compressed() throws IOException {
        Map<String, String> hello =
                Map.of("name", "hello.gz", "data", "data:text/plain,hello", "outputType", "resourceLink");
        List<Content> content = result("gzip-file-as-resource", hello).content();
        assertThat(content).singleElement().isInstanceOf(Content.ResourceLink.class);
        String uri = ((Content.ResourceLink) content.get(0)).uri();
        assertThat(uri).isEqualTo("demo://resource/session/hello.gz");
        ResourceContents read = client.readResource(uri).get(0);
        assertThat(read.mimeType()).isEqualTo("application/gzip");
        try (GZIPInputStream unzipped =
                new GZIPInputStream(new ByteArrayInputStream(((ResourceContents.Blob) read).blob()))) {
            assertThat(new String(unzipped.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("hello");
        }
    }

    private void wrong() {
        assertThatThrownBy(() -> client.call("echo", Map.of("message", 7)))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("message");
        assertThatThrownBy(() -> client.call("get-sum", Map.of("a", 1)))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("b");
        // This SDK reports it as the failure of a tool.
        assertThatThrownBy(() -> client.call("no-such-tool", Map.of()))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("no-such-tool");
        // A tool of the experimental tasks of 2025-11-25, which only runs as a task
        assertThatThrownBy(() -> client.call("simulate-research-query", Map.of("topic", "x")))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("task");
    }

    private void resources() {
        assertThat(client.listResources())
                .contains(new ResourceDescription(
                        "demo://resource/static/document/features.md",
                        "features.md",
                        null,
                        "Static document file exposed from /docs: features.md",
                        "text/markdown",
                        null));
        ResourceContents read = client.readResource("demo://resource/static/document/features.md")
                .get(0);
        assertThat(((ResourceContents.Text) read).text()).startsWith("# ").contains("## Tools");
        for (String unknown : List.of("demo://resource/static/document/none.md", "demo://resource/dynamic/text/abc")) {
            assertThatThrownBy(() -> client.readResource(unknown))
                    .isInstanceOf(MCPProtocolException.class)
                    .hasMessageContaining(unknown);
        }
    }

    private void templates() {
        assertThat(client.listResourceTemplates())
                .extracting(ResourceTemplateDescription::uriTemplate)
                .containsExactly(TEXTS, BLOBS);
        ResourceContents text =
                client.readResource("demo://resource/dynamic/text/5").get(0);
        assertThat(((ResourceContents.Text) text).text()).startsWith("Resource 5: This is a plaintext resource");
        ResourceContents blob =
                client.readResource("demo://resource/dynamic/blob/6").get(0);
        assertThat(new String(((ResourceContents.Blob) blob).blob(), StandardCharsets.UTF_8))
                .startsWith("Resource 6:");
    }

    private void subscription() {
        String uri = "demo://resource/dynamic/text/1";
        Queue<ServerChange> changes = new ConcurrentLinkedQueue<>();
        try (Subscription subscription = client.subscribe(Set.of(uri), changes::add)) {
            assertThat(subscription).isNotNull();
            logged("Received Subscribe Resource request for URI: " + uri);
            assertThat(text("toggle-subscriber-updates", Map.of())).startsWith("Started");
            eventually(() -> assertThat(changes).contains(new ServerChange.Resource(uri)));
        }
        logged("Received Unsubscribe Resource request: " + uri);
        assertThat(text("toggle-subscriber-updates", Map.of())).startsWith("Stopped");
    }

    private void logged(String start) {
        eventually(() -> assertThat(log).anySatisfy(message -> {
            assertThat(message.level()).isEqualTo(LogLevel.INFO);
            assertThat(message.data().asText()).startsWith(start);
        }));
    }

    private void prompts() {
        assertThat(client.listPrompts())
                .extracting(PromptDescription::name)
                .containsExactlyInAnyOrder("simple-prompt", "args-prompt", "completable-prompt", "resource-prompt");
        assertThat(client.getPrompt("args-prompt", Map.of("city", "Oslo", "state", "Norway"))
                        .messages()
                        .get(0)
                        .content())
                .isEqualTo(Content.text("What's weather in Oslo, Norway?"));
        Content second = client.getPrompt("resource-prompt", Map.of("resourceType", "Text", "resourceId", "4"))
                .messages()
                .get(1)
                .content();
        assertThat(((Content.EmbeddedResource) second).resource().uri()).isEqualTo("demo://resource/dynamic/text/4");
        assertThatThrownBy(() -> client.getPrompt("args-prompt", Map.of()))
                .isInstanceOf(MCPProtocolException.class)
                .hasMessageContaining("city");
        assertThatThrownBy(() -> client.getPrompt("no-such-prompt", Map.of()))
                .isInstanceOf(MCPProtocolException.class)
                .hasMessageContaining("no-such-prompt");
    }

    private void completion() {
        assertThat(client.completePromptArgument("completable-prompt", "department", "S", Map.of())
                        .values())
                .containsExactly("Sales", "Support");
        assertThat(client.completePromptArgument("completable-prompt", "name", "E", Map.of("department", "Sales"))
                        .values())
                .containsExactly("Eve");
        assertThat(client.completeTemplateVariable(TEXTS, "resourceId", "12", Map.of())
                        .values())
                .containsExactly("12");
    }

    private void progress() {
        Queue<Progress> seen = new ConcurrentLinkedQueue<>();
        assertThat(client.tool("trigger-long-running-operation")
                        .arguments(Map.of("duration", 0.3, "steps", 3))
                        .onProgress(seen::add)
                        .result()
                        .text())
                .isEqualTo("Long running operation completed. Duration: 0.3 seconds, Steps: 3.");
        assertThat(seen)
                .containsExactly(new Progress(1, 3.0, null), new Progress(2, 3.0, null), new Progress(3, 3.0, null));
    }

    private void cancellation() {
        Map<String, Integer> endless = Map.of("duration", 600, "steps", 2);
        CompletableFuture<CallResult> call =
                client.tool("trigger-long-running-operation").arguments(endless).start();
        assertThat(text("get-sum", Map.of("a", 1, "b", 2))).isEqualTo("The sum of 1 and 2 is 3.");
        assertThat(call.cancel(true)).isTrue();
        assertThatThrownBy(() -> client.tool("trigger-long-running-operation")
                        .arguments(endless)
                        .timeout(Duration.ofMillis(200))
                        .call())
                .isInstanceOf(MCPTimeoutException.class);
        assertThat(text("get-sum", Map.of("a", 2, "b", 2))).isEqualTo("The sum of 2 and 2 is 4.");
    }

    private void sampling() {
        assertThat(text("trigger-sampling-request", Map.of("prompt", "Say hello", "maxTokens", 12)))
                .contains("echo-1", "Say hello within 12", "endTurn");
    }

    private void form() {
        assertThat(text("trigger-elicitation-request", Map.of()))
                .contains(
                        "Name: Ada",
                        "Favorite Integer: 42",
                        "\"hero-1\"",
                        "\"fish-1\"",
                        "It was a dark and stormy night.");
    }

    private void declined() {
        try (MCPClient declining = MCPClient.builder(endpoint)
                .timeout(TIMEOUT)
                .onForm(form -> form.decline())
                .build()) {
            assertThat(declining.tool("trigger-elicitation-request").result().text())
                    .contains("declined");
        }
    }

    private void page() {
        pages.clear();
        assertThat(text("trigger-url-elicitation", page(false))).contains("User completed", "e-17");
        assertThat(pages).containsExactly("https://login.example/start");
    }

    private void pageFirst() {
        pages.clear();
        assertThat(text("trigger-url-elicitation", page(true))).contains("User completed", "e-17");
        assertThat(pages).containsExactly("https://modelcontextprotocol.io", "https://login.example/start");
        try (MCPClient declining = MCPClient.builder(endpoint)
                .timeout(TIMEOUT)
                .onPage(page -> page.decline())
                .build()) {
            assertThatThrownBy(() -> declining.call("trigger-url-elicitation", page(true)))
                    .isInstanceOf(MCPInputException.class)
                    .hasMessageContaining("did not open");
        }
    }

    private static Map<String, Object> page(boolean first) {
        return Map.of(
                "url",
                "https://login.example/start",
                "message",
                "Sign in",
                "elicitationId",
                "e-17",
                "errorPath",
                first);
    }

    private void withoutHandlers() {
        try (MCPClient plain = MCPClient.builder(endpoint).timeout(TIMEOUT).build()) {
            assertThat(plain.listTools())
                    .extracting(ToolDescription::name)
                    .contains("echo")
                    .doesNotContain("trigger-sampling-request", "trigger-elicitation-request", "get-roots-list");
            assertThatThrownBy(() -> plain.call("trigger-sampling-request", Map.of("prompt", "x")))
                    .isInstanceOf(MCPToolError.class)
                    .hasMessageContaining("not found");
        }
    }

    private void manyCalls() {
        List<CompletableFuture<CallResult>> calls = java.util.stream.IntStream.range(0, 50)
                .mapToObj(i ->
                        client.tool("get-sum").arguments(Map.of("a", i, "b", 1)).start())
                .toList();
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).join().text()).isEqualTo("The sum of " + i + " and 1 is " + (i + 1) + ".");
        }
    }

    private void environment(StdioEndpoint program) throws IOException {
        Map<String, String> environment = program.environment();
        assertThat(Json.read(text("get-env", Map.of()).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Json.tree(environment));
        assertThat(environment).containsEntry("INTEROP_SHARED", "yes").containsKey("PATH");
    }
}
