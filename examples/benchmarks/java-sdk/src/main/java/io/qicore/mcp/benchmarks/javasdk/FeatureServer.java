package io.qicore.mcp.benchmarks.javasdk;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServer.SyncSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult.CompleteCompletion;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptArgument;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceReference;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A server on the official Java SDK with all its features, for the client to be checked against by {@code .ci/interop}. */
final class FeatureServer {

    private static final String STATIC = "test://static";
    private static final String ITEMS = "test://items/{id}";

    private final AtomicInteger reads = new AtomicInteger();

    private FeatureServer() {}

    /**
     * Runs until standard input ends.
     *
     * @param arguments {@code stdio}, or {@code http} to serve {@code /mcp} and {@code /sse}, and print the port
     */
    public static void main(String[] arguments) throws Exception {
        FeatureServer features = new FeatureServer();
        if (arguments[0].equals("stdio")) {
            features.server(McpServer.sync(new StdioServerTransportProvider(McpJsonDefaults.getMapper())));
            return;
        }
        HttpServletStreamableServerTransportProvider streamable = HttpServletStreamableServerTransportProvider.builder()
                .mcpEndpoint("/mcp")
                .build();
        @SuppressWarnings("deprecation")
        var sse = io.modelcontextprotocol.server.transport.HttpServletSseServerTransportProvider.builder()
                .sseEndpoint("/sse")
                .messageEndpoint("/message")
                .build();
        features.server(McpServer.sync(streamable));
        features.server(McpServer.sync(sse));
        Server http = new Server();
        ServerConnector connector = new ServerConnector(http);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(System.getenv().getOrDefault("PORT", "0")));
        http.addConnector(connector);
        ServletContextHandler servlets = new ServletContextHandler();
        add(servlets, streamable, "/mcp");
        add(servlets, sse, "/*");
        http.setHandler(servlets);
        http.start();
        System.out.println(connector.getLocalPort());
        while (System.in.read() >= 0) {
            // Waits until the one who started it ends in any way.
        }
        // Streams that clients hold open would keep stop() waiting.
        System.exit(0);
    }

    private static void add(ServletContextHandler servlets, HttpServlet servlet, String path) {
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        servlets.addServlet(holder, path);
    }

    private <S extends SyncSpecification<S>> void server(SyncSpecification<S> specification) {
        McpSyncServer[] self = new McpSyncServer[1];
        FeatureTools tools = new FeatureTools(reads, what -> changed(self[0], what));
        self[0] = specification
                .serverInfo("java-sdk", "2.1.0")
                .instructions("Ask before you call.")
                .capabilities(ServerCapabilities.builder()
                        .tools(true)
                        .resources(true, true)
                        .prompts(true)
                        .logging()
                        .completions()
                        .build())
                .validateToolInputs(true)
                .tools(tools.all())
                .resources(resource(STATIC, "static", () -> "read " + reads.incrementAndGet()))
                .resourceTemplates(items())
                .prompts(greet())
                .completions(names(), ids())
                .build();
    }

    /** Adds something to a list, or tells that a resource has changed. */
    private void changed(McpSyncServer server, String what) {
        switch (what) {
            case "tools" -> {
                server.addTool(FeatureTools.extra());
                server.notifyToolsListChanged();
            }
            case "prompts" -> {
                server.addPrompt(new SyncPromptSpecification(
                        Prompt.builder("extra").build(), (exchange, request) -> GetPromptResult.builder(List.of())
                                .build()));
                server.notifyPromptsListChanged();
            }
            case "resources" -> {
                server.addResource(resource("test://extra", "extra", () -> "extra"));
                server.notifyResourcesListChanged();
            }
            default -> server.notifyResourcesUpdated(new McpSchema.ResourcesUpdatedNotification(STATIC));
        }
    }

    private static SyncResourceSpecification resource(String uri, String name, Supplier<String> text) {
        return new SyncResourceSpecification(
                Resource.builder(uri, name)
                        .title("Static")
                        .description("Counts reads.")
                        .mimeType("text/plain")
                        .build(),
                (exchange, request) -> contents(request.uri(), "text/plain", text.get()));
    }

    private static SyncResourceTemplateSpecification items() {
        return new SyncResourceTemplateSpecification(
                ResourceTemplate.builder(ITEMS, "item")
                        .title("Item")
                        .mimeType("application/json")
                        .build(),
                (exchange, request) -> contents(
                        request.uri(),
                        "application/json",
                        "{\"id\":\"" + request.uri().substring("test://items/".length()) + "\"}"));
    }

    private static ReadResourceResult contents(String uri, String mimeType, String text) {
        return ReadResourceResult.builder(List.of(TextResourceContents.builder(uri, text)
                        .mimeType(mimeType)
                        .build()))
                .build();
    }

    private static SyncPromptSpecification greet() {
        return new SyncPromptSpecification(
                Prompt.builder("greet")
                        .title("Greeting")
                        .description("Greets.")
                        .arguments(List.of(
                                PromptArgument.builder("name")
                                        .description("Whom")
                                        .required(true)
                                        .build(),
                                PromptArgument.builder("tone").build()))
                        .build(),
                (exchange, request) -> {
                    Map<String, Object> arguments = request.arguments();
                    Object tone = arguments.get("tone");
                    return GetPromptResult.builder(List.of(
                                    new PromptMessage(
                                            Role.USER,
                                            FeatureTools.block("Greet " + arguments.get("name")
                                                    + (tone == null ? "" : " in a " + tone + " tone") + ".")),
                                    new PromptMessage(Role.ASSISTANT, FeatureTools.image())))
                            .description("A greeting")
                            .build();
                });
    }

    private static SyncCompletionSpecification names() {
        return new SyncCompletionSpecification(new PromptReference("greet"), (exchange, request) -> {
            List<String> known = request.argument().name().equals("name")
                    ? List.of("Ada", "Alan", "Grace")
                    : request.context() != null
                                    && "Ada"
                                            .equals(request.context()
                                                    .arguments()
                                                    .get("name"))
                            ? List.of("formal")
                            : List.of("loose");
            return matching(known, request.argument().value());
        });
    }

    private static SyncCompletionSpecification ids() {
        return new SyncCompletionSpecification(
                new ResourceReference(ITEMS),
                (exchange, request) ->
                        matching(List.of("17", "18", "27"), request.argument().value()));
    }

    private static CompleteResult matching(List<String> known, String typed) {
        List<String> found = Stream.of(known.toArray(String[]::new))
                .filter(value -> value.startsWith(typed))
                .toList();
        return new CompleteResult(new CompleteCompletion(found, found.size(), false));
    }
}
