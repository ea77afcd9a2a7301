package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.transport.http.HttpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MCPClientTest {

    private static final String RESULT = """
            {"jsonrpc": "2.0", "id": 1, "result": {"resultType": "complete", "content": [],\
             "structuredContent": {"ok": true}}}""";

    private HttpServer foreign;
    private final List<MCPClient> clients = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Map<String, List<String>>> headers = new ArrayList<>();

    @BeforeEach
    void startForeignServer() throws IOException {
        foreign = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        foreign.setExecutor(Executors.newCachedThreadPool());
        foreign.start();
    }

    @AfterEach
    void stopForeignServer() {
        clients.forEach(MCPClient::close);
        release.countDown();
        foreign.stop(0);
        ((java.util.concurrent.ExecutorService) foreign.getExecutor()).shutdownNow();
    }

    @Test
    void argumentsThatReferToThemselves_areRefused() {
        Map<String, Object> circle = new HashMap<>();
        circle.put("self", circle);
        List<Object> list = new ArrayList<>();
        list.add(list);
        try (MCPClient client = answering(200, "application/json", RESULT)) {
            for (Map<String, ?> arguments : List.of(circle, Map.of("list", list))) {
                assertThatThrownBy(() -> client.call("t", arguments))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("The arguments of t");
            }
        }
        assertThat(headers).isEmpty();
    }

    @Test
    void traceContextThatCannotBeRead_isLeftOut() throws Exception {
        try (ForeignServer server = new ForeignServer(request -> request.result("{\"structuredContent\":7}"));
                MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .protocol(ProtocolMode.modern())
                        .traceContext(() -> {
                            throw new IllegalStateException("no context");
                        })
                        .build()) {
            assertThat(client.call("t", Map.of()).asInt()).isEqualTo(7);
        }
    }

    @Test
    void call_sendsWhatTheRevisionDemands() {
        try (MCPClient client = answering(200, "application/json", RESULT)) {
            assertThat(client.call("größe", Map.of()).get("ok").asBoolean()).isTrue();
        }
        assertThat(headers.get(0))
                .containsEntry("Mcp-protocol-version", List.of("2026-07-28"))
                .containsEntry("Mcp-method", List.of("tools/call"))
                .containsEntry("Mcp-name", List.of("=?base64?Z3LDtsOfZQ==?="));
        assertThat(headers.get(0).get("Accept").get(0)).contains("application/json", "text/event-stream");
    }

    @Test
    void eventStream_isReadUpToTheAnswer() {
        String stream =
                ": hello\n\nevent: message\r\ndata: {\"jsonrpc\": \"2.0\", \"method\": \"notifications/progress\"}\r\n\r\n"
                        + "id: 7\ndata: " + RESULT.replace(", \"result\"", ",\ndata: \"result\"") + "\n\n";
        try (MCPClient client = answering(200, "text/event-stream; charset=utf-8", stream)) {
            assertThat(client.call("t", Map.of()).get("ok").asBoolean()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | text/html | <html></html> | without JSON",
                "500 | text/plain | oops | 500",
                "500 | application/json | {\"timestamp\": 1, \"status\": 500, \"error\": \"Server Error\"} | JSON-RPC response",
                "404 | application/json | {\"error\": \"Not Found\"} | JSON-RPC response",
                "200 | application/json | '' | JSON-RPC response",
                "200 | application/json | [] | JSON-RPC response",
                "200 | application/json | null | JSON-RPC response",
                "200 | application/json | {\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": 5} | neither a result nor an error",
                "200 | application/json | {\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {\"resultType\": \"new\"}} | does not understand",
                "200 | application/json | {\"jsonrpc\": | JSON",
                "200 | text/event-stream | '' | without an answer",
                "200 | text/event-stream | data: nonsense | without an answer",
                "302 | text/html | moved | 302"
            })
    void answerOfSomethingElse_isAConnectionFailure(int status, String type, String body, String message) {
        try (MCPClient client = answering(status, type, body)) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void jsonRpcError_isAProtocolException() {
        try (MCPClient client = answering(400, "application/json", """
                {"jsonrpc": "2.0", "id": 1, "error": {"code": -32022, "message": "no", "data": {"supported": []}}}""")) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOfSatisfying(MCPProtocolException.class, e -> {
                        assertThat(e.code()).isEqualTo(-32022);
                        assertThat(e.data()).isNotNull();
                    });
        }
    }

    @Test
    void toolErrorOfAForeignServer_isReadFromItsText() {
        try (MCPClient client = answering(200, "application/json", """
                {"jsonrpc": "2.0", "id": 1, "result": {"isError": true,
                 "content": [{"type": "text", "text": "went wrong"}]}}""")) {
            assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOfSatisfying(MCPToolError.class, e -> {
                assertThat(e.code()).isEqualTo("TOOL_ERROR");
                assertThat(e).hasMessage("went wrong");
            });
        }
    }

    @Test
    void truncatedBody_isAConnectionFailure() {
        foreign.createContext("/mcp", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write("{\"jsonrpc\"".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            exchange.close();
        });
        try (MCPClient client = client()) {
            assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOf(MCPConnectionException.class);
        }
    }

    @Test
    void serverThatHangs_isGivenUpAfterTheTimeoutAndTheListenerIsTold() {
        hang();
        List<RuntimeException> failures = new ArrayList<>();
        try (MCPClient client = client().withTimeout(Duration.ofMillis(200))
                .withListener((tool, took, failure) -> failures.add(failure))) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPTimeoutException.class)
                    .hasMessageContaining("PT0.2S");
        }
        assertThat(failures).singleElement().isInstanceOf(MCPTimeoutException.class);
    }

    @Test
    void close_failsCallsInFlightAndLaterOnes() throws Exception {
        CountDownLatch arrived = hang();
        MCPClient client = client();
        CompletableFuture<Object> call = CompletableFuture.supplyAsync(() -> client.call("t", Map.of()));
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        client.close();
        client.close();
        assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(MCPConnectionException.class);
        assertThatThrownBy(() -> client.call("t", Map.of()))
                .isInstanceOf(MCPConnectionException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void closedClientInThisJvm_failsAsAConnectionToo() throws Exception {
        try (TestServer server = new TestServer()) {
            server.initialize();
            MCPClient client = MCPClient.inProcess(server);
            client.close();
            assertThatThrownBy(() -> client.call("echo", Map.of("text", "x")))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void serverThatIsNotInitialized_isAConnectionFailure() {
        try (TestServer server = new TestServer();
                MCPClient client = MCPClient.inProcess(server)) {
            assertThatThrownBy(() -> client.call("echo", Map.of("text", "x")))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("not initialized");
        }
    }

    @Test
    void nobodyThere_isSaid() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (MCPClient client = MCPClient.http(URI.create("http://127.0.0.1:" + port + "/mcp"))) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("nothing listens there");
        }
    }

    @Test
    void interrupt_endsTheCallAndStaysSet() throws Exception {
        CountDownLatch arrived = hang();
        try (MCPClient client = client()) {
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    client.call("t", Map.of());
                } catch (MCPConnectionException e) {
                    flag.complete(Thread.currentThread().isInterrupted());
                }
            });
            thread.start();
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            thread.interrupt();
            assertThat(flag.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void resultsAndTools_areReadAsTypes() throws Exception {
        TestServer server = new TestServer().started(HttpTransport.onPort(0));
        List<String> told = new ArrayList<>();
        try (MCPClient client = MCPClient.http(
                        server.transports().get(0).endpoint().orElseThrow())
                .withListener((tool, took, failure) -> told.add(tool + " " + (failure == null)))) {
            assertThat(client.call("echo", new TestServer.Text("x"), TestServer.Text.class))
                    .isEqualTo(new TestServer.Text("x"));
            assertThat(client.call("echo", Json.object().put("text", "y"))
                            .get("text")
                            .asText())
                    .isEqualTo("y");
            assertThat(client.call("echo_json", Map.of("value", "plain")).asText())
                    .isEqualTo("plain");
            assertThatThrownBy(() -> client.call("fail", Map.of("text", "x"))).isInstanceOf(MCPToolError.class);
            assertThatIllegalArgumentException().isThrownBy(() -> client.call("echo", List.of()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.call("echo", Map.of("text", "x"), TestServer.Size[].class));
            ToolDescription echo = client.listTools().get(0);
            assertThat(echo.title()).isEqualTo("Echo");
            assertThat(echo.annotations().readOnlyHint()).isTrue();
            assertThat(echo.outputSchema()).isNotNull();
            assertThat(client.discover().instructions()).isEqualTo("Only for tests.");
            assertThat(client.discover().name()).isEqualTo("test-server");
        } finally {
            server.cleanup();
        }
        assertThat(told).contains("echo true", "fail false");
    }

    @Test
    void timeout_mustBePositive() {
        try (MCPClient client = client()) {
            assertThatIllegalArgumentException().isThrownBy(() -> client.withTimeout(Duration.ZERO));
        }
    }

    private CountDownLatch hang() {
        CountDownLatch arrived = new CountDownLatch(1);
        foreign.createContext("/mcp", exchange -> {
            arrived.countDown();
            try {
                release.await(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        return arrived;
    }

    private MCPClient answering(int status, String type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        foreign.createContext("/mcp", exchange -> {
            headers.add(Map.copyOf(exchange.getRequestHeaders()));
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        return client();
    }

    /** A client that does not ask first what the server speaks, so that the first request is the call. */
    private MCPClient client() {
        MCPClient client = MCPClient.builder(HttpEndpoint.of(uri()))
                .protocol(ProtocolMode.modern())
                .build();
        clients.add(client);
        return client;
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + foreign.getAddress().getPort() + "/mcp");
    }
}
