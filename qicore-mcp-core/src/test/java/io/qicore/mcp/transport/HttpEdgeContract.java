package io.qicore.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.MCPTool;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every way to serve MCP over HTTP at {@code /mcp} must do at its edge: whom it lets in, and who goes when. */
public abstract class HttpEdgeContract {

    private static final String KEEPS_ALIVE = "keeps-alive";
    protected static final int MAX_BODY_BYTES = 1000;
    protected static final String ALLOWED_ORIGIN = "https://console.example";
    protected static final String ALLOWED_HOST = "mcp.example";
    protected static final HttpAccess ACCESS = HttpAccess.builder()
            .allowedOrigins(Set.of(ALLOWED_ORIGIN))
            .allowedHosts(Set.of(ALLOWED_HOST))
            .build();

    private static final String PING = """
            {"jsonrpc": "2.0", "id": 1, "method": "ping"}""";

    private final Gate gate = new Gate();
    private final Gate other = new Gate();
    protected TestServer server = TestServer.of(
                    "edge",
                    List.of(
                            waiting("wait", gate),
                            waiting("wait_elsewhere", other),
                            MCPTool.builder("step", TestServer.Nothing.class, TestServer.Text.class)
                                    .description("Reports progress, then waits.")
                                    .handler((nothing, context) -> {
                                        context.progress(1, 2.0, "half");
                                        gate.pass();
                                        return new TestServer.Text("done");
                                    })
                                    .build()))
            .with(ServerSettings.builder().callTimeout(Duration.ofMinutes(1)).drainTimeout(Gate.PATIENCE));
    private URI uri;

    /** Starts {@link #server} with the settings of this class. */
    protected abstract URI start(Duration keepAliveInterval) throws Exception;

    @BeforeEach
    void setUp(TestInfo test) throws Exception {
        // Elsewhere no call may be silent for so long that it is answered by a stream, however busy the machine is.
        uri = start(test.getTags().contains(KEEPS_ALIVE) ? Duration.ofMillis(100) : Duration.ofMinutes(1));
    }

    @AfterEach
    void tearDown() {
        gate.open();
        other.open();
        server.cleanup();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "PUT", "OPTIONS", "PATCH"})
    void otherMethods_areNotAllowed(String method) throws Exception {
        try (RawHttp client = new RawHttp(uri).send(method, "/mcp", Map.of(), "")) {
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 405").containsIgnoringCase("Allow: POST");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, https://evil.example, 403",
        "Origin, null, 403",
        "Origin, http://localhost.evil.example, 403",
        "Origin, http://localhost:3000, 200",
        "Origin, " + ALLOWED_ORIGIN + ", 200",
        "Host, evil.example, 403",
        "Host, 127.0.0.1.evil.example, 403",
        "Host, [::1]:80, 200",
        "Host, LOCALHOST:1, 200",
        "Host, " + ALLOWED_HOST + ", 200",
        "Content-Type, text/plain, 415",
        "Content-Type, application/json;charset=UTF-8, 200",
        "Accept, application/xml, 406",
        "Accept, text/event-stream, 200",
        "Accept, */*, 200"
    })
    void headers_decideWhoIsLetIn(String name, String value, int status) throws Exception {
        try (RawHttp client = new RawHttp(uri).post(Map.of(name, value), PING)) {
            assertThat(client.status()).isEqualTo(status);
        }
    }

    @Test
    void bodyThatIsTooLarge_isRefusedWhetherItSaysSoOrNot() throws Exception {
        String body = PING + " ".repeat(MAX_BODY_BYTES);
        try (RawHttp client = new RawHttp(uri).post(Map.of(), body)) {
            assertThat(client.status()).isEqualTo(413);
        }
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        try (RawHttp client = new RawHttp(uri)) {
            client.send("POST", "/mcp", Map.of("Content-Type", "application/json", "Transfer-Encoding", "chunked"), "");
            assertThat(client.raw(chunk).status()).isEqualTo(413);
        }
    }

    @Test
    void headerThatIsRepeated_isAMismatch() throws Exception {
        String twice = "wait\r\nMcp-Name: wait_elsewhere";
        Map<String, String> headers =
                Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", twice);
        try (RawHttp client = new RawHttp(uri).post(headers, RawHttp.modernMessage("tools/call", call("wait")))) {
            assertThat(client.readUntil("}}")).startsWith("HTTP/1.1 400").contains("-32020");
        }
    }

    @Test
    void listening_needsAClientThatTakesEvents() throws Exception {
        Map<String, String> headers = Map.of(
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                "subscriptions/listen",
                "Accept",
                "application/json");
        ObjectNode params = Json.object();
        params.putObject("notifications");
        try (RawHttp client = new RawHttp(uri).post(headers, RawHttp.modernMessage("subscriptions/listen", params))) {
            assertThat(client.readUntil("}}")).startsWith("HTTP/1.1 406").contains("text/event-stream");
        }
    }

    @Test
    void malformedJson_isABadRequest() throws Exception {
        try (RawHttp client = new RawHttp(uri).post(Map.of(), "{")) {
            assertThat(client.readUntil("}}")).startsWith("HTTP/1.1 400").contains("-32700");
        }
    }

    @Test
    void notification_isAcceptedWithoutABody() throws Exception {
        try (RawHttp client = new RawHttp(uri).post(Map.of(), """
                {"jsonrpc": "2.0", "method": "notifications/initialized"}""")) {
            assertThat(client.status()).isEqualTo(202);
        }
    }

    @Test
    void quickAnswer_isPlainJson() throws Exception {
        try (RawHttp client = new RawHttp(uri).post(Map.of(), PING)) {
            assertThat(client.readUntil("\"result\":{}}"))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("Content-Type: application/json")
                    .containsIgnoringCase("Content-Length: ");
        }
    }

    @Test
    void progress_opensAStreamAtOnce() throws Exception {
        ObjectNode params = Json.object().put("name", "step");
        params.withObjectProperty("_meta").put("progressToken", "p");
        try (RawHttp client = new RawHttp(uri).modern("tools/call", params)) {
            assertThat(client.readUntil("half"))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("Content-Type: text/event-stream")
                    .contains("data: {");
            gate.open();
            assertThat(client.readUntil("\r\n0\r\n\r\n")).contains("\"result\"", "done");
        }
    }

    @Test
    @Tag(KEEPS_ALIVE)
    void silentCall_isKeptAlive() throws Exception {
        try (RawHttp client = new RawHttp(uri).modern("tools/call", call("wait"))) {
            client.readUntil(": keep-alive\n\n");
            client.readUntil(": keep-alive\n\n");
            gate.open();
            assertThat(client.readUntil("\r\n0\r\n\r\n")).contains("\"result\"", "waited");
        }
    }

    @Test
    @Tag(KEEPS_ALIVE)
    void clientThatAcceptsOnlyJson_cancelsItsCallByGoing_andGetsJsonIfItStays() throws Exception {
        Map<String, String> headers = Map.of(
                "Accept",
                "application/json",
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                "tools/call",
                "Mcp-Name",
                "wait");
        RawHttp client = new RawHttp(uri).post(headers, RawHttp.modernMessage("tools/call", call("wait")));
        gate.awaitEntered(1);
        client.close();
        assertThat(gate.awaitInterrupt()).isTrue();

        Map<String, String> elsewhere = new java.util.HashMap<>(headers);
        elsewhere.put("Mcp-Name", "wait_elsewhere");
        try (RawHttp staying =
                new RawHttp(uri).post(elsewhere, RawHttp.modernMessage("tools/call", call("wait_elsewhere")))) {
            String begin = staying.readUntil("\r\n\r\n");
            assertThat(begin).startsWith("HTTP/1.1 200").containsIgnoringCase("Content-Type: application/json");
            staying.readUntil("\n\n\r\n");
            other.open();
            String rest = staying.readUntil("\r\n0\r\n\r\n");
            assertThat(rest).contains("\"result\"", "waited").doesNotContain("data:", "keep-alive");
        }
    }

    @Test
    @Tag(KEEPS_ALIVE)
    void clientOfAModernCall_cancelsItByGoing() throws Exception {
        RawHttp client = new RawHttp(uri).modern("tools/call", call("wait"));
        gate.awaitEntered(1);
        client.close();
        assertThat(gate.awaitInterrupt()).isTrue();
    }

    @Test
    @Tag(KEEPS_ALIVE)
    void clientOfALegacyCall_doesNotCancelItByGoing() throws Exception {
        RawHttp legacy = new RawHttp(uri).legacyCall("wait");
        gate.awaitEntered(1);
        legacy.readUntil(": keep-alive\n\n");
        legacy.close();

        // When the one that went later has been found out, so has the one before.
        RawHttp modern = new RawHttp(uri).modern("tools/call", call("wait_elsewhere"));
        other.awaitEntered(1);
        modern.close();
        assertThat(other.awaitInterrupt()).isTrue();

        assertThat(gate.wasInterrupted()).isFalse();
        // It still counts as in flight: a stop waits for it.
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
        assertThat(stopped).isNotDone();
        gate.open();
        stopped.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(gate.wasInterrupted()).isFalse();
    }

    @Test
    @Tag(KEEPS_ALIVE)
    void subscription_isToldOfChangesUntilTheServerStops() throws Exception {
        ObjectNode params = Json.object();
        params.putObject("notifications").put("toolsListChanged", true);
        try (RawHttp client = new RawHttp(uri).modern("subscriptions/listen", params)) {
            assertThat(client.readUntil("\n\n")).contains("notifications/subscriptions/acknowledged");
            client.readUntil(": keep-alive\n\n");
            server.engine().replaceTools(List.of());
            assertThat(client.readUntil("list_changed")).contains("notifications/tools/list_changed");

            long start = System.nanoTime();
            server.stop();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Gate.PATIENCE.dividedBy(2));
            // First the result, then a clean end.
            assertThat(client.readUntil("\r\n0\r\n\r\n")).contains("\"id\":7", "\"result\"", "subscriptionId");
        }
    }

    @Test
    @Tag(KEEPS_ALIVE)
    void subscription_endsWithItsClient() throws Exception {
        ObjectNode params = Json.object();
        params.putObject("notifications").put("toolsListChanged", true);
        RawHttp client = new RawHttp(uri).modern("subscriptions/listen", params);
        client.readUntil("acknowledged");
        client.close();
        RawHttp call = new RawHttp(uri).modern("tools/call", call("wait"));
        gate.awaitEntered(1);
        call.close();
        assertThat(gate.awaitInterrupt()).isTrue();
        server.engine().replaceTools(List.of());
        server.stop();
    }

    @Test
    void stopping_refusesNewCalls() throws Exception {
        try (RawHttp waiting = new RawHttp(uri).modern("tools/call", call("wait"));
                RawHttp late = new RawHttp(uri)) {
            gate.awaitEntered(1);
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
            org.awaitility.Awaitility.await().atMost(Gate.PATIENCE).until(() -> {
                try (RawHttp client = new RawHttp(uri).post(Map.of(), PING)) {
                    return client.status() == 503;
                }
            });
            assertThat(late.post(Map.of(), PING).readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 503")
                    .containsIgnoringCase("Retry-After: 1");
            gate.open();
            assertThat(waiting.readUntil("waited")).startsWith("HTTP/1.1 200");
            stopped.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static ObjectNode call(String tool) {
        return Json.object().put("name", tool);
    }

    private static MCPTool waiting(String name, Gate gate) {
        return MCPTool.builder(name, TestServer.Nothing.class, TestServer.Text.class)
                .description("Waits at a gate.")
                .handler((nothing, context) -> {
                    gate.pass();
                    return new TestServer.Text("waited");
                })
                .build();
    }
}
