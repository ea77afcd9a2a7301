package io.qicore.mcp.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.Threads;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.engine.access.CallInterceptor;
import io.qicore.mcp.engine.access.InterceptedCall;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.ServerSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The edges of HTTP: what is let in, with which status it is answered, and what is left after a stop. */
class HttpTransportTest {

    private static final String PING = """
            {"jsonrpc": "2.0", "id": 1, "method": "ping"}""";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private TestServer server = new TestServer();
    private HttpTransport transport;

    @AfterEach
    void tearDown() {
        server.gate().open();
        server.cleanup();
        Threads.awaitNone("mcp-http");
    }

    @Test
    void post_isAnsweredWithJson() throws Exception {
        start(HttpTransport.builder());
        HttpResponse<String> response = send(post(PING));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.headers().firstValue("Mcp-Session-Id")).isEmpty();
        assertThat(response.headers().firstValue("Server")).isEmpty();
        assertThat(json(response).get("result")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "PUT", "HEAD", "OPTIONS", "PATCH"})
    void otherMethods_areNotAllowed(String method) throws Exception {
        start(HttpTransport.builder());
        HttpResponse<String> response =
                send(HttpRequest.newBuilder(transport.uri()).method(method, HttpRequest.BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/mcp/", "/mcp2", "/mcp/x", "/MCP", "/favicon.ico"})
    void otherPaths_areNotFound(String path) throws Exception {
        start(HttpTransport.builder());
        assertThat(send(post(PING).uri(transport.uri().resolve(path))).statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example, 403",
        "http://localhost.evil.example, 403",
        "http://localhost@evil.example, 403",
        "http://127.0.0.1.evil.example, 403",
        "null, 403",
        "not a uri, 403",
        "'', 403",
        "http://localhost, 200",
        "http://localhost:3000, 200",
        "http://127.0.0.1:8080, 200",
        "http://[::1]:1, 200",
        "https://console.example, 200",
        "https://console.example.evil.example, 403"
    })
    void origin_mustBeOfThisMachineOrAllowed(String origin, int status) throws Exception {
        start(HttpTransport.builder()
                .access(HttpAccess.builder()
                        .allowedOrigins(Set.of("https://console.example"))
                        .build()));
        assertThat(send(post(PING).header("Origin", origin)).statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example, 403",
        "127.0.0.1.evil.example:80, 403",
        "LOCALHOST, 200",
        "localhost:1, 200",
        "[::1]:80, 200"
    })
    void host_mustBeOfThisMachine(String host, int status) throws Exception {
        start(HttpTransport.builder());
        assertThat(raw("POST /mcp HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + PING.length() + "\r\nConnection: close\r\n\r\n" + PING))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void refusedOrigin_saysNoMoreThanThat() throws Exception {
        start(HttpTransport.builder());
        HttpResponse<String> response = send(post("not even json").header("Origin", "https://evil.example"));
        assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
        assertThat(json(response).has("id")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, 415",
        "application/json-rpc, 415",
        "'', 415",
        "application/x-www-form-urlencoded, 415",
        "application/json, 200",
        "Application/JSON, 200",
        "application/json; charset=utf-8, 200",
        "application/json;charset=UTF-8, 200"
    })
    void contentType_mustBeJson(String type, int status) throws Exception {
        start(HttpTransport.builder());
        assertThat(send(HttpRequest.newBuilder(transport.uri())
                                .header("Content-Type", type)
                                .POST(HttpRequest.BodyPublishers.ofString(PING)))
                        .statusCode())
                .isEqualTo(status);
    }

    @Test
    void contentTypeMissing_isUnsupported() throws Exception {
        start(HttpTransport.builder());
        assertThat(send(HttpRequest.newBuilder(transport.uri()).POST(HttpRequest.BodyPublishers.ofString(PING)))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void bodyThatIsTooLarge_isRefusedWhetherItSaysSoOrNot() throws Exception {
        start(HttpTransport.builder().maxBodyBytes(1000));
        byte[] body = (PING + " ".repeat(1000)).getBytes(StandardCharsets.UTF_8);

        assertThat(send(HttpRequest.newBuilder(transport.uri())
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body)))
                        .statusCode())
                .isEqualTo(413);
        assertThat(send(HttpRequest.newBuilder(transport.uri())
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))))
                        .statusCode())
                .isEqualTo(413);
        assertThat(send(post(PING)).statusCode()).isEqualTo(200);
    }

    @Test
    void largestBody_isTaken() throws Exception {
        start(HttpTransport.builder().maxBodyBytes(1000));
        assertThat(send(post(PING + " ".repeat(1000 - PING.length()))).statusCode())
                .isEqualTo(200);
        assertThat(send(post(PING + " ".repeat(1001 - PING.length()))).statusCode())
                .isEqualTo(413);
    }

    @Test
    void headersThatAreTooLarge_areRefused() throws Exception {
        start(HttpTransport.builder());
        assertThat(send(post(PING).header("X-Large", "x".repeat(20_000))).statusCode())
                .isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "nonsense", "[]", "{\"jsonrpc\": \"2.0\"}"})
    void malformedBody_isABadRequest(String body) throws Exception {
        start(HttpTransport.builder());
        HttpResponse<String> response = send(post(body));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/code").asInt()).isIn(-32700, -32600);
    }

    @Test
    void malformedHttp_isRefusedWithoutDetails() throws Exception {
        start(HttpTransport.builder());
        for (String request : List.of(
                "nonsense\r\n\r\n", "POST /mcp HTTP/1.1\r\n\r\n", "POST /mcp HTTP/9.9\r\nHost: localhost\r\n\r\n")) {
            assertThat(raw(request)).startsWith("HTTP/1.1 ").doesNotContain("\tat ", "Exception", "jetty", "Jetty");
        }
    }

    @Test
    void statuses_followTheRevision() throws Exception {
        start(HttpTransport.builder());
        String unknown = PING.replace("ping", "no/such");
        assertThat(send(post(unknown)).statusCode()).isEqualTo(200);
        assertThat(send(modern("no/such", null, "{}")).statusCode()).isEqualTo(404);
        assertThat(send(modern("tools/call", "no_such", "{\"name\": \"no_such\"}"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(modern("tools/list", null, "{}").setHeader("Mcp-Method", "x"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(modern("tools/list", null, "{}").setHeader("MCP-Protocol-Version", "2030-01-01"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(post(PING).header("MCP-Protocol-Version", "2030-01-01")).statusCode())
                .isEqualTo(400);
    }

    @Test
    void notification_isAcceptedWithoutABody() throws Exception {
        start(HttpTransport.builder());
        HttpResponse<String> response = send(post("""
                {"jsonrpc": "2.0", "method": "notifications/initialized"}"""));
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'application/json, text/event-stream', application/json",
        "application/json, application/json",
        "*/*, application/json",
        "application/*, application/json",
        "text/event-stream, text/event-stream"
    })
    void accept_choosesTheForm(String accept, String type) throws Exception {
        start(HttpTransport.builder());
        HttpResponse<String> response = send(post(PING).setHeader("Accept", accept));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains(type);
        if (type.equals("text/event-stream")) {
            assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
            assertThat(response.body()).startsWith("data: {").endsWith("}\n\n");
        }
    }

    @Test
    void health_goesThroughTheEngine() throws Exception {
        start(HttpTransport.builder());
        HttpRequest.Builder health = HttpRequest.newBuilder(transport.uri().resolve(HttpTransport.HEALTH_PATH));
        HttpResponse<String> response = send(health);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("status").asText()).isEqualTo("ok");
        assertThat(send(health.copy().POST(HttpRequest.BodyPublishers.noBody())).statusCode())
                .isEqualTo(405);
        assertThat(send(health.copy().header("Origin", "https://evil.example")).statusCode())
                .isEqualTo(403);
        HttpResponse<String> head = send(health.copy().method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        server.engine().close();
        assertThat(json(send(health)).path("status").asText()).isEqualTo("busy");
    }

    @Test
    void health_doesNotAskTheInterceptors() throws Exception {
        server = server.with(server.settings().toBuilder().interceptor(new CallInterceptor() {
            @Override
            public Optional<Denial> before(InterceptedCall call) {
                return Optional.of(Denial.forbidden("Nobody may do anything."));
            }
        }));
        start(HttpTransport.builder());
        assertThat(send(HttpRequest.newBuilder(transport.uri().resolve(HttpTransport.HEALTH_PATH)))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(modern("tools/list", "", "{}")).statusCode()).isEqualTo(403);
    }

    @Test
    void headThatDoesNotEnd_isCutOff() throws Exception {
        start(HttpTransport.builder()
                .transferTimeout(Duration.ofMillis(300))
                .keepAliveInterval(Duration.ofMillis(200)));
        for (String begin : List.of("P", "POST /mcp HTTP/1.1\r\nHost: localhost\r\na: ")) {
            try (Socket socket = new Socket("127.0.0.1", transport.uri().getPort())) {
                OutputStream out = socket.getOutputStream();
                String ping =
                        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                + PING.length() + "\r\n\r\n" + PING;
                // Also after a request that was good.
                out.write(ping.getBytes(StandardCharsets.US_ASCII));
                readUntil(socket.getInputStream(), "\"result\":{}}");
                Thread.sleep(600);
                out.write(ping.getBytes(StandardCharsets.US_ASCII));
                readUntil(socket.getInputStream(), "\"result\":{}}");
                out.write(begin.getBytes(StandardCharsets.US_ASCII));
                assertThatIOException().isThrownBy(() -> {
                    for (int i = 0; i < Gate.PATIENCE.toMillis() / 20; i++) {
                        Thread.sleep(20);
                        out.write('P');
                    }
                });
            }
        }
    }

    @Test
    void tooManyHeaderFields_areRefused() throws Exception {
        start(HttpTransport.builder());
        String head =
                "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                        + PING.length() + "\r\n";
        assertThat(raw(head + "a: b\r\n".repeat(LimitedConnections.MAX_FIELDS - 4) + "\r\n" + PING))
                .startsWith("HTTP/1.1 200");
        assertThat(raw(head + "a: b\r\n".repeat(LimitedConnections.MAX_FIELDS - 3) + "\r\n" + PING))
                .startsWith("HTTP/1.1 431");
    }

    @Test
    void textFullOfPunctuation_isOnlyAText() throws Exception {
        start(HttpTransport.builder());
        String text = ",:{[".repeat(250_000);
        HttpResponse<String> response =
                send(modern("tools/call", "echo", "{\"name\": \"echo\", \"arguments\": {\"text\": \"" + text + "\"}}"));
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void quotedParameterOfAnyLength_isParsed() throws Exception {
        start(HttpTransport.builder());
        for (String value : List.of("x".repeat(7_000), "\\x".repeat(3_500))) {
            assertThat(send(post(PING).setHeader("Content-Type", "application/json; a=\"" + value + "\""))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void busyServer_saysWhenToTryAgain() throws Exception {
        MCPEngine engine = MCPEngine.builder(new ServerInfo("test", "1"))
                .tools(TestServer.tools(server.gate()))
                .maxConcurrentCalls(1)
                .build();
        transport = HttpTransport.onPort(0);
        transport.start(engine);
        try {
            var waiting = http.sendAsync(
                    modern("tools/call", "wait", "{\"name\": \"wait\"}").build(), HttpResponse.BodyHandlers.ofString());
            server.gate().awaitEntered(1);
            HttpResponse<String> busy = send(post(PING));
            assertThat(busy.statusCode()).isEqualTo(503);
            assertThat(busy.headers().firstValue("Retry-After")).isPresent();
            server.gate().open();
            assertThat(waiting.get().statusCode()).isEqualTo(200);
        } finally {
            transport.stop(Duration.ofSeconds(1));
        }
    }

    @Test
    void connection_isUsedAgain() throws Exception {
        start(HttpTransport.builder());
        try (Socket socket = new Socket("127.0.0.1", transport.uri().getPort())) {
            socket.setSoTimeout(10_000);
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream()
                        .write(("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
                                        + "\r\nContent-Length: " + PING.length() + "\r\n\r\n" + PING)
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(readUntil(socket.getInputStream(), "\"result\":{}}")).contains("HTTP/1.1 200");
            }
        }
    }

    @Test
    void bodyThatDoesNotCome_endsTheConnectionAndHoldsNothing() throws Exception {
        start(HttpTransport.builder().idleTimeout(Duration.ofMillis(200)));
        String answer = raw("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100\r\n\r\n{\"jsonrpc\"");
        assertThat(answer).startsWith("HTTP/1.1 408").contains("The body did not arrive.");
        assertThat(send(post(PING)).statusCode()).isEqualTo(200);
    }

    @Test
    void connectionsAboveTheLimit_waitForAFreePlace() throws Exception {
        start(HttpTransport.builder().maxConnections(1));
        String ping = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + PING.length() + "\r\n\r\n" + PING;
        try (Socket second = new Socket()) {
            try (Socket first = new Socket("127.0.0.1", transport.uri().getPort())) {
                first.getOutputStream().write(ping.getBytes(StandardCharsets.US_ASCII));
                readUntil(first.getInputStream(), "\"result\":{}}");
                second.connect(first.getRemoteSocketAddress());
                second.getOutputStream().write(ping.getBytes(StandardCharsets.US_ASCII));
                second.setSoTimeout(200);
                assertThatIOException().isThrownBy(second.getInputStream()::read);
            }
            second.setSoTimeout(10_000);
            assertThat(readUntil(second.getInputStream(), "\"result\":{}}")).contains("HTTP/1.1 200");
        }
    }

    @Test
    void portInUse_isSaidWithTheWayOut() throws Exception {
        start(HttpTransport.builder());
        int port = transport.uri().getPort();
        HttpTransport second = HttpTransport.onPort(port);
        assertThatIOException()
                .isThrownBy(() -> second.start(server.engine()))
                .withMessageContainingAll("127.0.0.1:" + port, "in use", "0 for a free one");
        assertThat(second.endpoint()).isEmpty();
        assertThat(send(post(PING)).statusCode()).isEqualTo(200);
    }

    @Test
    void transport_canBeStartedAgain() throws Exception {
        start(HttpTransport.builder());
        server.stop();
        assertThat(transport.endpoint()).isEmpty();
        assertThatIllegalStateException().isThrownBy(transport::uri);
        Threads.awaitNone("mcp-http");
        server.start();
        assertThat(send(post(PING)).statusCode()).isEqualTo(200);
        assertThatIllegalStateException().isThrownBy(() -> transport.start(server.engine()));
    }

    @Test
    void stoppingTwice_doesNothing() throws Exception {
        start(HttpTransport.builder());
        transport.stop(Duration.ofSeconds(1));
        transport.stop(Duration.ofSeconds(1));
    }

    @Test
    void unknownHost_isSaid() {
        HttpTransport lost =
                HttpTransport.builder().host("no.such.host.invalid").build();
        assertThatIOException()
                .isThrownBy(() -> lost.start(
                        MCPEngine.builder(new ServerInfo("test", "1")).build()))
                .withMessageContaining("no.such.host.invalid");
    }

    @Test
    void settings_mustMakeSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> HttpTransport.onPort(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> HttpTransport.onPort(65536));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpTransport.builder().maxBodyBytes(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpTransport.builder().maxConnections(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpTransport.builder().maxLegacyStreams(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpTransport.builder().keepAliveInterval(Duration.ZERO));
    }

    /** A promise of the product, and the one threshold in this suite. */
    @Test
    void startingWithoutTools_takesLessThan300Millis() throws Exception {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 6; i++) {
            try (TestServer empty = TestServer.of("empty", List.of())
                    .with(ServerSettings.builder().transport(HttpTransport.onPort(0)))) {
                long start = System.nanoTime();
                empty.start();
                best = Math.min(best, System.nanoTime() - start);
            }
        }
        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(300));
    }

    private void start(HttpTransport.Builder builder) throws Exception {
        transport = builder.build();
        server = server.started(transport);
    }

    private HttpRequest.Builder post(String body) {
        return HttpRequest.newBuilder(transport.uri())
                .timeout(Gate.PATIENCE)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder modern(String method, String name, String params) throws IOException {
        var object = (com.fasterxml.jackson.databind.node.ObjectNode) Json.MAPPER.readTree(params);
        object.putObject("_meta")
                .put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
                .putObject("io.modelcontextprotocol/clientCapabilities");
        var message = Json.object().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        message.set("params", object);
        HttpRequest.Builder request = post(message.toString())
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", method);
        return name == null ? request : request.header("Mcp-Name", name);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return Json.MAPPER.readTree(response.body());
    }

    /** Sends bytes and reads until the server closes the connection. */
    private String raw(String request) throws IOException {
        URI uri = transport.uri();
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int read = in.read();
            if (read < 0) {
                throw new IOException("End of stream after " + text);
            }
            text.append((char) read);
        }
        return text.toString();
    }
}
