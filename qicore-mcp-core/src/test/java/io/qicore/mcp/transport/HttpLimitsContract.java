package io.qicore.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.MCPTool;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every way to serve MCP over HTTP must do with clients that are slow, or that hold too much. */
public abstract class HttpLimitsContract {

    protected static final long MAX_BUFFERED_BYTES = 1 << 20;
    protected static final Duration TRANSFER_TIMEOUT = Duration.ofMillis(600);

    private static final String PING = """
            {"jsonrpc": "2.0", "id": 1, "method": "ping"}""";

    private final Gate gate = new Gate();
    protected TestServer server = TestServer.of("limits", tools(gate))
            .with(ServerSettings.builder().callTimeout(Duration.ofMinutes(1)).drainTimeout(Gate.PATIENCE));
    private URI uri;

    /** Starts {@link #server} with the settings of this class. */
    protected abstract URI start() throws Exception;

    private static List<MCPTool> tools(Gate gate) {
        List<MCPTool> tools = new ArrayList<>(TestServer.tools(gate));
        tools.add(MCPTool.builder("interrupted", TestServer.Nothing.class, TestServer.Text.class)
                .description("Throws an InterruptedException of its own and leaves its thread interrupted.")
                .handler((nothing, context) -> {
                    Thread.currentThread().interrupt();
                    throw new InterruptedException("my own");
                })
                .build());
        return tools;
    }

    @BeforeEach
    void setUp() throws Exception {
        uri = start();
    }

    @AfterEach
    void tearDown() {
        gate.open();
        server.cleanup();
    }

    @Test
    void bodyThatPauses_isRefused_andItsMemoryIsFreed() throws Exception {
        List<RawHttp> clients = new ArrayList<>();
        int accepted = 0;
        for (int i = 0; i < 10; i++) {
            RawHttp client = new RawHttp(uri);
            clients.add(client.send("POST", "/mcp", header(100 << 10), "{"));
        }
        // Small requests are served meanwhile.
        assertThat(ping()).isEqualTo(200);
        for (RawHttp client : clients) {
            int status = client.status();
            assertThat(status).isIn(408, 503);
            accepted += status == 408 ? 1 : 0;
            client.close();
        }
        assertThat(accepted).isEqualTo(7);
        Awaitility.await().atMost(Gate.PATIENCE).until(() -> {
            try (RawHttp client = new RawHttp(uri).post(Map.of(), PING + " ".repeat(500 << 10))) {
                return client.status() == 200;
            } catch (IOException refused) {
                return false;
            }
        });
    }

    @Test
    void bodyThatDribbles_isRefused() throws Exception {
        try (RawHttp client = new RawHttp(uri).send("POST", "/mcp", header(10_000), "{")) {
            long end = System.nanoTime() + Gate.PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                Thread.sleep(100);
                try {
                    client.raw(" ");
                } catch (IOException closed) {
                    break;
                }
            }
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    @Test
    void bodyThatComesInParts_isServed() throws Exception {
        try (RawHttp client = new RawHttp(uri)) {
            client.send("POST", "/mcp", header(PING.length()), PING.substring(0, 5));
            Thread.sleep(100);
            client.raw(PING.substring(5));
            assertThat(client.readUntil("\"result\":{}}")).startsWith("HTTP/1.1 200");
            assertThat(client.post(Map.of(), PING).readUntil("\"result\":{}}")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void callerOfABodyInParts_isNoticedWhenItGoes() throws Exception {
        ObjectNode params = Json.object().put("name", "wait");
        String body = RawHttp.modernMessage("tools/call", params);
        RawHttp client = new RawHttp(uri);
        Map<String, String> headers = new HashMap<>(header(body.length()));
        headers.putAll(Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", "wait"));
        client.send("POST", "/mcp", headers, body.substring(0, 10));
        Thread.sleep(100);
        client.raw(body.substring(10));
        gate.awaitEntered(1);
        client.close();
        assertThat(gate.awaitInterrupt()).isTrue();
    }

    @Test
    void interruptOfAHandler_doesNotReachTheNextRequest() throws Exception {
        ObjectNode interrupted = Json.object().put("name", "interrupted");
        try (RawHttp client = new RawHttp(uri)) {
            for (int i = 0; i < 5; i++) {
                client.modern("tools/call", interrupted.deepCopy());
                client.post(Map.of(), PING);
                client.readUntil("INTERNAL_ERROR");
                client.readUntil("\"result\":{}}");
            }
        }
    }

    @Test
    void unreadAnswer_holdsThePlaceOfItsCall_andNothingWhenTheClientIsGone() throws Exception {
        ObjectNode params = Json.object().put("name", "repeat");
        params.putObject("arguments").put("size", 300_000);
        try (RawHttp client = new RawHttp(uri).modern("tools/call", params)) {
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
        }
        params.withObjectProperty("arguments").put("size", 500_000);
        try (RawHttp client = new RawHttp(uri).modern("tools/call", params)) {
            // The text and the structured result are larger than the budget: 1 MB.
            assertThat(client.readUntil("}}")).contains("-31000", "has been carried out");
        }
        assertThat(ping()).isEqualTo(200);
    }

    private int ping() throws IOException {
        try (RawHttp client = new RawHttp(uri).post(Map.of(), PING)) {
            return client.status();
        }
    }

    private static Map<String, String> header(int length) {
        return Map.of("Content-Type", "application/json", "Content-Length", Integer.toString(length));
    }
}
