package io.qicore.mcp.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.Threads;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.transport.RawHttp;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP+SSE of MCP 2024-11-05: who gets a stream, what goes over it, and what ends with it. */
class LegacySseTest {

    private static final String PING = """
            {"jsonrpc": "2.0", "id": 1, "method": "ping"}""";
    private static final String WAIT = """
            {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "wait"}}""";

    private TestServer server = new TestServer()
            .with(ServerSettings.builder().drainTimeout(Gate.PATIENCE).callTimeout(Duration.ofMinutes(1)));
    private HttpTransport transport;

    @AfterEach
    void tearDown() {
        server.gate().open();
        server.cleanup();
        Threads.awaitNone("mcp-http");
    }

    @Test
    void withoutTheSetting_thereIsNoStream() throws Exception {
        start(HttpTransport.builder());
        assertThatIOException().isThrownBy(this::connect).withMessageContaining("404");
    }

    @Test
    void clientOf2024_isServedInItsRevision() throws Exception {
        start(sse());
        try (SseClient client = connect()) {
            JsonNode initialized = initialize(client);
            assertThat(initialized.get("protocolVersion").textValue()).isEqualTo("2024-11-05");
            assertThat(client.post("""
                    {"jsonrpc": "2.0", "method": "notifications/initialized"}""")).isEqualTo(202);
            ObjectNode call = Json.object().put("name", "echo");
            call.putObject("arguments").put("text", "hello");
            JsonNode result = client.exchange("tools/call", call);
            assertThat(result.at("/content/0/text").textValue()).contains("hello");
            assertThat(result.has("structuredContent")).isFalse();
            assertThat(client.others).isEmpty();
        }
    }

    @Test
    void newEndpoint_isServedBesideIt() throws Exception {
        start(sse());
        try (RawHttp client = new RawHttp(transport.uri()).post(Map.of(), PING)) {
            assertThat(client.status()).isEqualTo(200);
        }
    }

    @Test
    void endpoint_cannotBeGuessedAndIsNobodyElses() throws Exception {
        start(sse());
        try (SseClient one = connect();
                SseClient another = connect()) {
            assertThat(one.endpoint()).isNotEqualTo(another.endpoint());
            // 24 bytes
            assertThat(one.endpoint().getQuery()).matches("t=[A-Za-z0-9_-]{32}");
            one.post(PING);
            assertThat(one.next().get("id").asInt()).isEqualTo(1);
            assertThat(another.others).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /sse, Origin, https://evil.example, 403",
        "GET, /sse, Host, evil.example, 403",
        "GET, /sse, Accept, application/json, 406",
        "POST, /sse, Accept, text/event-stream, 405",
        "POST, /messages?t=x, Origin, https://evil.example, 403",
        "POST, /messages?t=x, Host, evil.example, 403",
        "POST, /messages?t=x, Content-Type, text/plain, 415",
        "POST, /messages?t=x, Content-Length, 100000, 413",
        "POST, /messages?t=x, X-Any, x, 404",
        "POST, /messages?t=, X-Any, x, 404",
        "POST, /messages, X-Any, x, 404",
        "GET, /messages?t=x, X-Any, x, 405",
        "GET, /other, X-Any, x, 404"
    })
    void requests_areHeldToTheSameRules(String method, String path, String header, String value, int status)
            throws Exception {
        start(sse().maxBodyBytes(1000));
        try (RawHttp client = new RawHttp(transport.uri())) {
            client.send(method, path, Map.of(header, value), method.equals("POST") ? PING : "");
            assertThat(client.status()).isEqualTo(status);
        }
    }

    @Test
    void malformedMessage_isAnsweredOnTheStream() throws Exception {
        start(sse());
        try (SseClient client = connect()) {
            assertThat(client.post("{")).isEqualTo(202);
            assertThat(client.next().at("/error/code").asInt()).isEqualTo(-32700);
        }
    }

    @Test
    void streams_areLimited() throws Exception {
        start(sse().maxLegacyStreams(1));
        SseClient first = connect();
        assertThatIOException().isThrownBy(this::connect).withMessageContaining("503");
        first.close();
        await().atMost(Gate.PATIENCE).ignoreExceptions().until(() -> {
            connect().close();
            return true;
        });
    }

    @Test
    void silentStream_isKeptOpen() throws Exception {
        start(sse().idleTimeout(Duration.ofMillis(500)));
        try (RawHttp client = new RawHttp(transport.uri())) {
            client.send("GET", "/sse", Map.of("Accept", "text/event-stream"), "");
            assertThat(client.readUntil("\n\n"))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("Content-Type: text/event-stream")
                    .contains("event: endpoint\ndata: /messages?t=");
            for (int i = 0; i < 10; i++) {
                client.readUntil(": keep-alive\n\n");
            }
        }
    }

    @Test
    void token_endsWithItsStream() throws Exception {
        start(sse());
        SseClient client = connect();
        assertThat(client.post(PING)).isEqualTo(202);
        client.close();
        await().atMost(Gate.PATIENCE).until(() -> client.post(PING) == 404);
    }

    @Test
    void cancellation_reachesTheCallOfTheSameStreamOnly() throws Exception {
        start(sse());
        String cancel = """
                {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 2}}""";
        try (SseClient client = connect();
                SseClient another = connect()) {
            initialize(client);
            initialize(another);
            client.post(WAIT);
            server.gate().awaitEntered(1);
            another.post(cancel);
            another.post(PING);
            assertThat(another.next().get("id").asInt()).isEqualTo(1);
            assertThat(server.gate().wasInterrupted()).isFalse();
            client.post(cancel);
            assertThat(server.gate().awaitInterrupt()).isTrue();
            client.post(PING);
            assertThat(client.next().get("id").asInt()).isEqualTo(1);
        }
    }

    @Test
    void clientThatGoes_doesNotCancelItsLegacyCalls() throws Exception {
        start(sse());
        SseClient client = connect();
        initialize(client);
        client.post(WAIT);
        server.gate().awaitEntered(1);
        client.close();
        await().atMost(Gate.PATIENCE).until(() -> client.post(PING) == 404);
        assertThat(server.gate().wasInterrupted()).isFalse();
    }

    @Test
    void clientThatGoes_cancelsItsModernCalls() throws Exception {
        start(sse());
        SseClient client = connect();
        CompletableFuture<?> call = CompletableFuture.runAsync(
                () -> assertThatThrownBy(() -> client.call("wait", Map.of())).isNotNull());
        server.gate().awaitEntered(1);
        client.close();
        assertThat(server.gate().awaitInterrupt()).isTrue();
        call.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void stop_answersWhatIsInFlightAndEndsTheStreamProperly() throws Exception {
        start(sse());
        try (SseClient client = connect()) {
            initialize(client);
            client.post(WAIT);
            server.gate().awaitEntered(1);
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
            await().atMost(Gate.PATIENCE).until(() -> client.post(PING) == 503);
            server.gate().open();
            assertThat(client.next().at("/result/content/0/text").textValue()).contains("waited");
            client.awaitEnd();
            stopped.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static HttpTransport.Builder sse() {
        return HttpTransport.builder().legacySse(true).keepAliveInterval(Duration.ofMillis(100));
    }

    private void start(HttpTransport.Builder builder) throws Exception {
        transport = builder.build();
        server = server.started(transport);
    }

    private SseClient connect() throws Exception {
        URI uri = transport.uri();
        return new SseClient(uri);
    }

    private static JsonNode initialize(SseClient client) throws Exception {
        ObjectNode params = Json.object().put("protocolVersion", "2024-11-05");
        params.putObject("capabilities");
        params.putObject("clientInfo").put("name", "test").put("version", "1");
        return client.exchange("initialize", params);
    }
}
