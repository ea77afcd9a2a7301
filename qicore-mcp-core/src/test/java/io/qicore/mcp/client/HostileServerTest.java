package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.Gate;
import io.qicore.mcp.Threads;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import io.qicore.mcp.client.handler.CallListener;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that do everything wrong: each call ends within its deadline, with a typed error and bounded memory. */
class HostileServerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_BYTES = 1 << 20;

    private static final CallListener NOBODY = (tool, took, failure) -> {};

    /**
     * A way to misbehave.
     *
     * @param script what the server does with a call
     * @param failure what the caller gets
     * @param message a part of its message
     */
    private record Misdeed(
            String name, ForeignServer.Script script, Class<? extends RuntimeException> failure, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Misdeed> misdeeds() {
        return Stream.of(
                new Misdeed("never answers", request -> pause(), MCPTimeoutException.class, "PT2S"),
                new Misdeed(
                        "never ends its head",
                        request -> {
                            request.events();
                            pause();
                        },
                        MCPTimeoutException.class,
                        "PT2S"),
                new Misdeed("closes at once", request -> {}, MCPConnectionException.class, "Cannot reach"),
                new Misdeed(
                        "dies in the middle of a stream",
                        request -> request.event(request.events(), "data: {\"jsonrpc\":"),
                        MCPConnectionException.class,
                        "without an answer"),
                new Misdeed(
                        "answers garbage",
                        request -> request.json(200, "\u0000\u0001 garbage"),
                        MCPConnectionException.class,
                        "JSON"),
                new Misdeed(
                        "streams garbage",
                        request -> request.event(request.events(), "data: garbage\n\n"),
                        MCPConnectionException.class,
                        "JSON"),
                new Misdeed(
                        "answers another id",
                        request -> request.json(200, "{\"jsonrpc\":\"2.0\",\"id\":99999,\"result\":{}}"),
                        MCPConnectionException.class,
                        "without the JSON-RPC response"),
                new Misdeed(
                        "answers the id as a text",
                        request -> request.json(
                                200, "{\"jsonrpc\":\"2.0\",\"id\":\"" + request.id() + "\",\"result\":{}}"),
                        MCPConnectionException.class,
                        "without the JSON-RPC response"),
                new Misdeed(
                        "streams another id",
                        request -> request.event(
                                request.events(), "data: {\"jsonrpc\":\"2.0\",\"id\":99999,\"result\":{}}\n\n"),
                        MCPConnectionException.class,
                        "without an answer"),
                new Misdeed(
                        "floods notifications",
                        request -> forever(
                                request,
                                "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                                        + request.id() + ",\"progress\":1}}\n\n"),
                        MCPTimeoutException.class,
                        "PT2S"),
                new Misdeed(
                        "sends comments for ever",
                        request -> forever(request, ": x\n"),
                        MCPTimeoutException.class,
                        "PT2S"),
                new Misdeed(
                        "sends one event without end",
                        request -> forever(request, "data: " + "x".repeat(1_000) + "\n"),
                        MCPConnectionException.class,
                        "more than " + MAX_BYTES),
                new Misdeed(
                        "sends one line without end",
                        request -> forever(request, "x".repeat(1_000)),
                        MCPConnectionException.class,
                        "more than " + MAX_BYTES),
                new Misdeed(
                        "sends a body that is too large",
                        request -> request.json(200, "\"" + "x".repeat(MAX_BYTES) + "\""),
                        MCPConnectionException.class,
                        "more than " + MAX_BYTES),
                new Misdeed(
                        "nests without end",
                        request -> request.json(200, "[".repeat(100_000)),
                        MCPConnectionException.class,
                        "JSON"),
                new Misdeed("redirects", redirect("/other"), MCPConnectionException.class, "another path"),
                new Misdeed(
                        "redirects to another host",
                        redirect("http://evil.example/mcp"),
                        MCPConnectionException.class,
                        "evil.example"),
                new Misdeed(
                        "redirects to nonsense", redirect("http://[:::/"), MCPConnectionException.class, "not valid"),
                new Misdeed("answers 400 with HTML", html(400), MCPConnectionException.class, "400"),
                new Misdeed("answers 401 with HTML", html(401), MCPConnectionException.class, "401"),
                new Misdeed("answers 404 with HTML", html(404), MCPConnectionException.class, "404"),
                new Misdeed("answers 500 with HTML", html(500), MCPConnectionException.class, "500"),
                new Misdeed("answers 502 with HTML", html(502), MCPConnectionException.class, "502"),
                new Misdeed("answers 200 with HTML", html(200), MCPConnectionException.class, "without JSON"),
                new Misdeed(
                        "answers an error",
                        request -> request.error(500, -32603, "null"),
                        MCPProtocolException.class,
                        "-32603"),
                new Misdeed(
                        "answers with neither result nor error",
                        request -> request.json(200, "{\"jsonrpc\":\"2.0\",\"id\":" + request.id() + "}"),
                        MCPConnectionException.class,
                        "neither"),
                new Misdeed(
                        "asks without a question",
                        request -> request.result("{\"resultType\": \"input_required\"}"),
                        MCPConnectionException.class,
                        "without a question"),
                new Misdeed(
                        "asks what the client cannot answer",
                        request -> request.result("{\"resultType\": \"input_required\", \"inputRequests\": {\"a\": "
                                + "{\"method\": \"elicitation/create\", \"params\": {\"message\": \"m\"}}}}"),
                        io.qicore.mcp.client.error.MCPInputException.class,
                        "onForm"),
                new Misdeed(
                        "asks again and again",
                        request -> request.result("{\"resultType\": \"input_required\", \"requestState\": \"s\"}"),
                        io.qicore.mcp.client.error.MCPInputException.class,
                        "asks again"),
                new Misdeed(
                        "makes a task of the call unasked",
                        request -> request.result(
                                "{\"resultType\": \"task\", \"taskId\": \"t\", \"status\": \"working\"}"),
                        MCPConnectionException.class,
                        "'task'"),
                new Misdeed(
                        "sends binary content that is not Base64",
                        request -> request.result(
                                "{\"content\": [{\"type\": \"image\", \"data\": \"~~~\", \"mimeType\": \"image/png\"}]}"),
                        MCPConnectionException.class,
                        "Base64"),
                new Misdeed(
                        "fails with a text only",
                        request -> request.result(
                                "{\"isError\": true, \"content\": [{\"type\": \"text\", \"text\": \"no luck\"}]}"),
                        MCPToolError.class,
                        "no luck"));
    }

    private static ForeignServer.Script html(int status) {
        return request -> request.send(status, "text/html", "<html></html>");
    }

    private static ForeignServer.Script redirect(String to) {
        return request -> {
            request.header("Location", to);
            request.send(307, "text/plain", "");
        };
    }

    private static void forever(ForeignServer.Request request, String text) throws IOException {
        OutputStream out = request.events();
        for (long end = System.nanoTime() + 10_000_000_000L; System.nanoTime() < end; ) {
            request.event(out, text);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(6_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final List<ForeignServer> servers = new CopyOnWriteArrayList<>();

    private ForeignServer server(ForeignServer.Script script) throws IOException {
        ForeignServer server = new ForeignServer(script);
        servers.add(server);
        return server;
    }

    @AfterEach
    void nothingIsLeft() {
        servers.forEach(ForeignServer::close);
        Threads.awaitNone("mcp-client");
    }

    @ParameterizedTest
    @MethodSource("misdeeds")
    void misdeed_isATypedErrorWithinTheDeadline(Misdeed misdeed) throws Exception {
        ForeignServer server = server(misdeed.script());
        try (MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri())
                        .withMaxMessageBytes(MAX_BYTES)
                        .withApiKey("very-secret"))
                .protocol(ProtocolMode.modern())
                .timeout(TIMEOUT)
                .maxRounds(3)
                .listener(NOBODY)
                .build()) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> client.tool("t").onProgress(progress -> {}).call())
                    .isInstanceOf(misdeed.failure())
                    .hasMessageContaining(misdeed.message())
                    .hasMessageNotContaining("very-secret");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plusSeconds(2));
            assertThat(client.toString()).doesNotContain("very-secret");
        }
    }

    @ParameterizedTest
    @MethodSource("misdeeds")
    void misdeedAtTheFirstQuestion_isATypedErrorToo(Misdeed misdeed) throws Exception {
        ForeignServer server = server(misdeed.script());
        try (MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()).withMaxMessageBytes(MAX_BYTES))
                .timeout(TIMEOUT)
                .build()) {
            assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOf(MCPClientException.class);
        }
    }

    @Test
    void credentials_doNotFollowARedirect() throws Exception {
        ForeignServer other = server(request -> request.result("{}"));
        ForeignServer server = server(redirect(other.uri().toString()));
        try (MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()).withApiKey("secret"))
                .protocol(ProtocolMode.modern())
                .build()) {
            assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOf(MCPConnectionException.class);
        }
        assertThat(server.requests().get(0).header("Authorization")).isEqualTo("Bearer secret");
        assertThat(other.requests()).isEmpty();
    }

    @Test
    void cancelledCall_endsTheExchange() throws Exception {
        List<String> ended = new CopyOnWriteArrayList<>();
        ForeignServer server = server(request -> {
            try {
                forever(request, ": x\n\n");
            } catch (IOException e) {
                ended.add("ended");
                throw e;
            }
        });
        try (MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                .protocol(ProtocolMode.modern())
                .build()) {
            var call = client.tool("t").start();
            await().atMost(Gate.PATIENCE).until(() -> server.requests().size() == 1);
            call.cancel(true);
            await().atMost(Gate.PATIENCE).until(() -> ended.size() == 1);
        }
    }
}
