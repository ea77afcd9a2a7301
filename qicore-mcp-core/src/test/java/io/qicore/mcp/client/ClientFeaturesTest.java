package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qicore.mcp.Gate;
import io.qicore.mcp.Threads;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.InProcessEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.RetryPolicy;
import io.qicore.mcp.client.endpoint.ServerEndpoint;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import io.qicore.mcp.client.handler.Root;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.client.model.LogMessage;
import io.qicore.mcp.client.model.Progress;
import io.qicore.mcp.client.model.PromptDescription;
import io.qicore.mcp.client.model.ResourceDescription;
import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.prompt.PromptMessage;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.LogLevel;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.ResourceContents;
import io.qicore.mcp.transport.http.HttpTransport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that a client can do, with this project's server, on every transport and in every revision. */
@ParameterizedClass
@MethodSource("reaches")
class ClientFeaturesTest {

    /** A transport; the last one is found by a client that was told of Streamable HTTP. */
    enum Way {
        IN_PROCESS,
        STDIO,
        HTTP,
        SSE,
        SSE_FOUND
    }

    /** A transport and a revision. */
    record Reach(Way way, String version) {

        boolean isModern() {
            return version.equals("2026-07-28");
        }

        boolean hasForms() {
            return version.compareTo("2025-06-18") >= 0;
        }

        boolean hasPages() {
            return version.compareTo("2025-11-25") >= 0;
        }

        /** Whether the server, which has no sessions, cannot send what does not belong to a request. */
        boolean isWithoutConnection() {
            return way == Way.HTTP && !isModern();
        }
    }

    static Stream<Reach> reaches() {
        List<Reach> all = new ArrayList<>();
        for (Way way : List.of(Way.IN_PROCESS, Way.STDIO, Way.HTTP)) {
            all.add(new Reach(way, ProtocolMode.MODERN_VERSION));
        }
        for (String version : ProtocolMode.LEGACY_VERSIONS) {
            for (Way way : List.of(Way.IN_PROCESS, Way.STDIO, Way.HTTP, Way.SSE)) {
                all.add(new Reach(way, version));
            }
        }
        all.add(new Reach(Way.SSE_FOUND, "2024-11-05"));
        return all.stream();
    }

    @Parameter
    Reach reach;

    private final HttpTransport http =
            HttpTransport.builder().port(0).legacySse(true).build();
    private FeatureServer server;
    private final List<StdioLink> links = new ArrayList<>();

    @BeforeEach
    void start() {
        ServerSettings.Builder settings = ServerSettings.builder().drainTimeout(Duration.ofMillis(200));
        boolean isHttp = reach.way() != Way.IN_PROCESS && reach.way() != Way.STDIO;
        server = new FeatureServer(isHttp ? settings.transport(http) : settings);
        if (isHttp) {
            server.start();
        } else {
            server.initialize();
        }
    }

    @AfterEach
    void stop() {
        links.forEach(StdioLink::close);
        server.close();
    }

    /** Some threads end when they have been idle for a moment, so this is not checked after each test. */
    @AfterParameterizedClassInvocation
    static void noThreadIsLeft() {
        Threads.awaitNone("mcp-client");
        Threads.awaitNone("mcp-in-process");
        Threads.awaitNone("mcp-stdio");
        Threads.awaitNone("stdio-link");
    }

    private MCPClientBuilder builder() {
        ServerEndpoint endpoint =
                switch (reach.way()) {
                    case IN_PROCESS -> InProcessEndpoint.of(server);
                    case STDIO -> {
                        StdioLink link = new StdioLink(server);
                        links.add(link);
                        yield link.endpoint();
                    }
                    case SSE -> HttpEndpoint.sse(http.uri().resolve("/sse"));
                    case SSE_FOUND -> HttpEndpoint.of(http.uri().resolve("/sse"));
                    case HTTP -> HttpEndpoint.of(http.uri());
                };
        return MCPClient.builder(endpoint)
                .protocol(ProtocolMode.pinned(reach.version()))
                .timeout(Gate.PATIENCE);
    }

    @Test
    void lists_areComplete() {
        try (MCPClient client = builder().build()) {
            assertThat(client.discover().protocolVersion()).isEqualTo(reach.version());
            assertThat(client.discover().capabilities().has("tools")).isTrue();
            assertThat(client.listTools().stream().map(ToolDescription::name)).contains("progress", "region");
            assertThat(client.listResources().stream().map(ResourceDescription::uri))
                    .containsExactly("r://one");
            assertThat(client.listResourceTemplates().get(0).uriTemplate()).isEqualTo("r://orders/{id}");
            PromptDescription greet = client.listPrompts().get(0);
            assertThat(greet.arguments().get(0).required()).isTrue();
        }
    }

    @Test
    void resourcesAndPrompts_areRead() {
        try (MCPClient client = builder().build()) {
            assertThat(client.readResource("r://orders/7"))
                    .containsExactly(new ResourceContents.Text("r://orders/7", null, "order 7"));
            assertThat(client.getPrompt("greet", Map.of("name", "Al")).messages())
                    .containsExactly(PromptMessage.user("Hello Al"));
            assertThat(client.completeTemplateVariable("r://orders/{id}", "id", "4", Map.of())
                            .values())
                    .containsExactly("41", "42");
            assertThat(client.completePromptArgument("greet", "name", "al", Map.of("x", "y"))
                            .values())
                    .first()
                    .isEqualTo("alice");
            assertThatThrownBy(() -> client.readResource("r://none")).isInstanceOf(MCPProtocolException.class);
            assertThatThrownBy(() -> client.getPrompt("none", Map.of())).isInstanceOf(MCPProtocolException.class);
        }
    }

    @Test
    void content_ofEveryTypeArrives() {
        try (MCPClient client = builder().build()) {
            CallResult result = client.tool("content").result();
            assertThat(result.text()).startsWith("a");
            assertThat(result.content()).hasSizeGreaterThanOrEqualTo(4);
            assertThat(result.content().get(1))
                    .isInstanceOfSatisfying(Content.Image.class, image -> assertThat(image.data())
                            .containsExactly(1, 2));
            assertThat(result.content())
                    .filteredOn(Content.EmbeddedResource.class::isInstance)
                    .singleElement()
                    .satisfies(embedded -> assertThat(((Content.EmbeddedResource) embedded)
                                    .resource()
                                    .uri())
                            .isEqualTo("r://y"));
        }
    }

    @Test
    void progressAndLog_areHeardBeforeTheResult() throws Exception {
        List<Progress> progress = new CopyOnWriteArrayList<>();
        List<LogMessage> logged = new CopyOnWriteArrayList<>();
        try (MCPClient client = builder().onLog(LogLevel.INFO, logged::add).build()) {
            if (!reach.isModern()) {
                // The level is set beside the first call.
                client.discover();
            }
            client.tool("progress").onProgress(progress::add).call();
            if (!reach.isWithoutConnection()) {
                await().atMost(Gate.PATIENCE).until(() -> !logged.isEmpty());
                assertThat(logged).extracting(LogMessage::level).containsOnly(LogLevel.WARNING);
            }
            assertThat(progress).extracting(Progress::progress).containsExactly(1.0, 2.0, 3.0);
            assertThat(progress.get(0).total()).isEqualTo(3.0);
            progress.clear();
            client.call("progress", Map.of());
            assertThat(progress).isEmpty();
        }
    }

    @Test
    void questions_areAnsweredByHandlers() {
        assumeTrue(reach.hasForms());
        try (MCPClient client = builder()
                .onForm(form -> form.message().startsWith("Who") ? form.accept(Map.of("name", "Ann")) : form.decline())
                .onPage(page -> page.url().getHost().equals("pay.example") ? page.accept() : page.cancel())
                .onSampling(params -> io.qicore.mcp.internal.json.Json.object()
                        .put("role", "assistant")
                        .put("model", "m" + params.path("maxTokens").asInt()))
                .onRoots(() -> List.of(new Root(URI.create("file:///srv"), null)))
                .maxRounds(3)
                .build()) {
            assertThat(client.call("ask", Map.of()).get("text").asText()).isEqualTo("Ann");
            assertThat(client.call("ask_model", Map.of()).get("text").asText()).isEqualTo("m10 file:///srv");
            if (reach.hasPages()) {
                assertThat(client.call("open_page", Map.of()).get("text").asText())
                        .isEqualTo("ACCEPT");
            }
            if (reach.isModern()) {
                assertThatThrownBy(() -> client.call("ask_for_ever", Map.of()))
                        .isInstanceOf(MCPInputException.class)
                        .hasMessageContaining("3 times");
            }
        }
    }

    @Test
    void questionWithoutAHandler_isAnErrorThatNamesTheCapability() {
        try (MCPClient client = builder().build()) {
            assertThatThrownBy(() -> client.call("ask", Map.of()))
                    .isInstanceOfAny(MCPClientException.class, MCPToolError.class)
                    .hasMessageContaining("elicitation");
        }
    }

    @Test
    void handlerThatFails_failsTheCall() {
        assumeTrue(reach.isModern());
        try (MCPClient client = builder()
                .onForm(form -> {
                    throw new IllegalStateException("no display");
                })
                .build()) {
            assertThatThrownBy(() -> client.call("ask", Map.of()))
                    .isInstanceOf(MCPInputException.class)
                    .hasMessageContaining("no display");
        }
    }

    @Test
    void taskOfTheServer_isFollowed() {
        try (MCPClient client = builder().tasks(true).build()) {
            assertThat(client.call("long", Map.of()).get("text").asText()).isEqualTo("long");
        }
    }

    @Test
    void changes_areTold() {
        List<ServerChange> changes = new CopyOnWriteArrayList<>();
        assumeTrue(!reach.isWithoutConnection());
        try (MCPClient client = builder().build()) {
            Subscription subscription = client.subscribe(Set.of("r://one"), changes::add);
            await().atMost(Gate.PATIENCE).until(() -> !server.watchers.isEmpty());
            server.change();
            await().atMost(Gate.PATIENCE).untilAsserted(() -> assertThat(changes)
                    .contains(new ServerChange.Tools(), new ServerChange.Resource("r://one")));
            subscription.close();
            subscription.close();
            await().atMost(Gate.PATIENCE).until(server.watchers::isEmpty);
        }
    }

    @Test
    void cache_keepsWhatTheServerAllowsUntilItChanges() {
        assumeTrue(reach.isModern());
        try (MCPClient client = builder().build();
                MCPClient without = builder().caching(false).build()) {
            ResourceContents first = client.readResource("r://one").get(0);
            boolean isKept = first.equals(client.readResource("r://one").get(0));
            assertThat(without.readResource("r://one").get(0)).isNotEqualTo(first);
            assertThat(without.readResource("r://one").get(0))
                    .isNotEqualTo(without.readResource("r://one").get(0));
            if (isKept) {
                try (Subscription subscription = client.subscribe(Set.of("r://one"), change -> {})) {
                    assertThat(subscription).isNotNull();
                    await().atMost(Gate.PATIENCE).until(() -> !server.watchers.isEmpty());
                    server.change();
                    await().atMost(Gate.PATIENCE)
                            .until(() ->
                                    !first.equals(client.readResource("r://one").get(0)));
                }
            }
        }
    }

    @Test
    void headersOfArguments_areSentOnceTheServerAsksForThem() {
        try (MCPClient client = builder().build()) {
            assertThat(client.call("region", Map.of("region", "zürich"))
                            .get("region")
                            .asText())
                    .isEqualTo("zürich");
        }
    }

    @Test
    void retries_areMadeWhereSafe() {
        // The oldest revision does not say which tools are safe.
        assumeTrue(!reach.version().equals("2024-11-05"));
        try (MCPClient client = builder().retries(RetryPolicy.attempts(3)).build()) {
            server.failures.set(2);
            assertThat(client.call("flaky", Map.of()).get("text").asText()).isEqualTo("worked");
            server.failures.set(3);
            assertThatThrownBy(() -> client.call("flaky", Map.of())).isInstanceOf(MCPToolError.class);
            server.failures.set(1);
            assertThatThrownBy(() -> client.call("flaky_change", Map.of())).isInstanceOf(MCPToolError.class);
        }
    }

    @Test
    void traceContext_isSent() {
        try (MCPClient client = builder()
                .traceContext(() -> Map.of("traceparent", "00-a-b-01", "other", "x"))
                .build()) {
            assertThat(client.call("trace", Map.of()).get("text").asText()).isEqualTo("{traceparent=00-a-b-01}");
        }
    }

    @Test
    void timeout_cancelsTheHandler() throws Exception {
        try (MCPClient client = builder().build()) {
            client.discover();
            assertThatThrownBy(() ->
                            client.tool("wait").timeout(Duration.ofMillis(300)).call())
                    .isInstanceOf(MCPTimeoutException.class);
            if (!reach.isWithoutConnection()) {
                assertThat(server.cancelled.await(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
            }
        }
    }

    @Test
    void cancelledFuture_cancelsTheHandler() throws Exception {
        assumeTrue(!reach.isWithoutConnection());
        try (MCPClient client = builder().build()) {
            client.discover();
            CompletableFuture<CallResult> call = client.tool("wait").start();
            Thread.sleep(300);
            call.cancel(true);
            assertThat(server.cancelled.await(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        }
    }

    @Test
    void result_isCheckedOnRequest() {
        assumeTrue(reach.isModern());
        try (MCPClient client = builder().build()) {
            assertThat(client.tool("progress")
                            .checkResult()
                            .call(FeatureServer.Said.class)
                            .text())
                    .isEqualTo("done");
        }
    }
}
