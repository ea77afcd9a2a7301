package io.qicore.mcp.transport.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.Threads;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.engine.Wire;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StdioTransportTest {

    private static final String PING = "{\"jsonrpc\": \"2.0\", \"id\": %d, \"method\": \"ping\"}";

    private TestServer server = new TestServer();
    private StdioPipe pipe;
    private StdioTransport transport;
    private PipedClient client;

    @BeforeEach
    void start() throws Exception {
        pipe = new StdioPipe();
        transport = pipe.transport();
        client = pipe.client();
        server = server.started(transport);
    }

    @AfterEach
    void stop() throws Exception {
        server.gate().open();
        server.cleanup();
        client.close();
        pipe.close();
        Threads.awaitNone("mcp-stdio");
    }

    @Test
    void lines_mayEndEitherWayAndBeEmpty() throws Exception {
        client.send("\n\r\n" + PING.formatted(1) + "\n");
        assertThat(client.next().get("id").asInt()).isEqualTo(1);
        client.send(PING.formatted(2) + "\r\n");
        assertThat(client.next().get("id").asInt()).isEqualTo(2);
    }

    @Test
    void lineBreaksInTexts_areEscaped() throws Exception {
        String text = "a\u0085b\u2028c\u2029d\u2027\u202a\u00c2\u0084ü\ud83d\ude00\u2028";
        byte[] escaped = LineBreaks.escaped(("\"" + text + "\"").getBytes(StandardCharsets.UTF_8));
        assertThat(new String(escaped, StandardCharsets.UTF_8))
                .isEqualTo("\"a\\u0085b\\u2028c\\u2029d\u2027\u202a\u00c2\\u0084ü\ud83d\ude00\\u2028\""
                        .replace("\\u0084", "\u0084"));
        assertThat(Json.MAPPER.readTree(escaped).textValue()).isEqualTo(text);
        byte[] plain = "\"ü\"".getBytes(StandardCharsets.UTF_8);
        assertThat(LineBreaks.escaped(plain)).isSameAs(plain);
        byte[] cutOff = {(byte) 0xe2, (byte) 0x80};
        assertThat(LineBreaks.escaped(cutOff)).isSameAs(cutOff);

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StdioTransport own = StdioTransport.on(
                        new ByteArrayInputStream((Wire.legacyCall("echo", "{\"text\": \"x\u2028y\"}") + "\n")
                                .getBytes(StandardCharsets.UTF_8)),
                        out)
                .withCaller(Caller.of("owner"));
        TestServer other = new TestServer().started(own);
        await().until(() -> out.toString(StandardCharsets.UTF_8).endsWith("\n"));
        other.cleanup();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("x\\u2028y").doesNotContain("\u2028");
    }

    @Test
    void caller_isTheOneThatTheApplicationNames() throws Exception {
        List<Caller> callers = new CopyOnWriteArrayList<>();
        for (boolean named : List.of(true, false)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            StdioTransport own = StdioTransport.on(
                    new ByteArrayInputStream((Wire.legacyCall("who", "{}") + "\n").getBytes(StandardCharsets.UTF_8)),
                    out);
            TestServer other = TestServer.of(
                            "who",
                            List.of(MCPTool.builder("who", TestServer.Nothing.class, TestServer.Text.class)
                                    .description("Remembers the caller.")
                                    .handler((nothing, context) -> {
                                        callers.add(context.caller());
                                        return new TestServer.Text("done");
                                    })
                                    .build()))
                    .started(named ? own.withCaller(Caller.of("owner")) : own);
            await().until(() -> out.toString(StandardCharsets.UTF_8).contains("done"));
            try (MCPClient client = named ? MCPClient.inProcess(other, Caller.of("job")) : MCPClient.inProcess(other)) {
                client.call("who", Map.of());
            }
            other.cleanup();
        }
        assertThat(callers).containsExactly(Caller.of("owner"), Caller.of("job"), Caller.ANONYMOUS, Caller.ANONYMOUS);
    }

    @Test
    void messageInPieces_isOneMessage() throws Exception {
        String message = PING.formatted(1) + "\n";
        client.send(message.substring(0, 10));
        client.send(message.substring(10));
        assertThat(client.next().get("id").asInt()).isEqualTo(1);
    }

    @Test
    void faultyLine_isAnsweredAndTheNextOneServed() throws Exception {
        client.send("nonsense\n");
        assertThat(client.next().at("/error/code").asInt()).isEqualTo(-32700);
        client.send("[]\n");
        assertThat(client.next().at("/error/code").asInt()).isEqualTo(-32600);
        client.send(PING.formatted(1) + "\n");
        assertThat(client.next().get("id").asInt()).isEqualTo(1);
    }

    @Test
    void lineThatIsTooLong_isAnsweredAndTheNextOneServed() throws Exception {
        client.send("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"params\": {\"a\": \""
                + "x".repeat(StdioTransport.MAX_MESSAGE_BYTES) + "\"}}\n");
        assertThat(client.next().at("/error/code").asInt()).isEqualTo(-32700);
        client.send(PING.formatted(2) + "\n");
        assertThat(client.next().get("id").asInt()).isEqualTo(2);
    }

    @Test
    void messageWithMoreBehindIt_isNotServed() throws Exception {
        String ping = PING.formatted(1);
        client.send(ping + " ".repeat(StdioTransport.MAX_MESSAGE_BYTES - ping.length()) + "garbage\n");
        assertThat(client.next().at("/error/code").asInt()).isEqualTo(-32700);
    }

    @Test
    void carriageReturn_belongsToTheMessageUnlessItEndsTheLine() throws Exception {
        client.send(PING.formatted(1) + "\r\n");
        assertThat(client.next().get("id").asInt()).isEqualTo(1);
        client.send("{\"jsonrpc\": \"2.0\", \"id\": \"a\rb\", \"method\": \"ping\"}\n");
        assertThat(client.next().at("/error/code").asInt()).isEqualTo(-32700);
    }

    @Test
    void notification_isNotAnswered() throws Exception {
        client.send("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}\n" + PING.formatted(1) + "\n");
        assertThat(client.next().get("id").asInt()).isEqualTo(1);
        assertThat(client.others).isEmpty();
    }

    @Test
    void legacyClient_initializesAndCalls() throws Exception {
        client.send("""
                {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-11-25",\
                 "capabilities": {}, "clientInfo": {"name": "old", "version": "1"}}}
                """);
        assertThat(client.next().at("/result/protocolVersion").asText()).isEqualTo("2025-11-25");
        client.send("""
                {"jsonrpc": "2.0", "method": "notifications/initialized"}
                {"jsonrpc": "2.0", "id": "a", "method": "tools/call", "params": {"name": "echo",\
                 "arguments": {"text": "hi"}}}
                """);
        JsonNode answer = client.next();
        assertThat(answer.get("id").asText()).isEqualTo("a");
        assertThat(answer.at("/result/structuredContent/text").asText()).isEqualTo("hi");
        assertThat(answer.get("result").has("resultType")).isFalse();
    }

    @Test
    void slowCall_doesNotHoldUpTheNext() throws Exception {
        client.send(call(1, "wait") + "\n");
        server.gate().awaitEntered(1);
        client.send(PING.formatted(2) + "\n");
        assertThat(client.next().get("id").asInt()).isEqualTo(2);
        server.gate().open();
        assertThat(client.next().get("id").asInt()).isEqualTo(1);
    }

    @Test
    void cancelledCall_isInterruptedAndNotAnswered() throws Exception {
        client.send(call(1, "wait") + "\n");
        server.gate().awaitEntered(1);
        client.send(cancelled(1));
        assertThat(server.gate().awaitInterrupt()).isTrue();
        client.send(PING.formatted(2) + "\n");
        assertThat(client.next().get("id").asInt()).isEqualTo(2);
        assertThat(client.others).isEmpty();
    }

    @Test
    void cancellationRightAfterTheCall_isNotLost() throws Exception {
        for (int id = 1; id <= 50; id++) {
            client.send(call(id, "wait") + "\n" + cancelled(id));
        }
        // A call that had not been cancelled would be in flight still, and its id with it.
        for (int id = 1; id <= 50; id++) {
            int current = id;
            org.awaitility.Awaitility.await()
                    .pollDelay(java.time.Duration.ZERO)
                    .atMost(io.qicore.mcp.Gate.PATIENCE)
                    .until(() -> {
                        client.send(PING.formatted(current) + "\n");
                        return client.next().has("result");
                    });
        }
    }

    @Test
    void endOfInput_endsTheTransport() throws Exception {
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
            try {
                transport.awaitEnd();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(ended).isNotDone();
        client.close();
        ended.get(10, TimeUnit.SECONDS);
    }

    @Test
    void stop_endsTheWaitForTheEnd() throws Exception {
        server.stop();
        transport.awaitEnd();
        assertThatIllegalStateException().isThrownBy(() -> transport.start(server.engine()));
    }

    @Test
    void requestWhileTheServerStops_isRefusedAndTheOneInFlightAnswered() throws Exception {
        client.send(call(1, "wait") + "\n");
        server.gate().awaitEntered(1);
        Thread stopping = new Thread(server::stop);
        stopping.start();
        org.awaitility.Awaitility.await().atMost(io.qicore.mcp.Gate.PATIENCE).until(() -> {
            client.send(PING.formatted(2) + "\n");
            return client.next().at("/error/code").asInt() == -31000;
        });
        server.gate().open();
        assertThat(client.next().get("id").asInt()).isEqualTo(1);
        stopping.join(io.qicore.mcp.Gate.PATIENCE.toMillis());
    }

    @Test
    void standardOutput_carriesMessagesOnly() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StdioMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            OutputStream in = process.getOutputStream();
            in.write((call(1, "noisy") + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
            assertThat(Json.MAPPER
                            .readTree(out.readLine())
                            .at("/result/structuredContent/text")
                            .asText())
                    .isEqualTo("ä");
            in.close();
            assertThat(out.readLine()).isNull();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String call(int id, String tool) throws Exception {
        return Json.MAPPER.writeValueAsString(Map.of(
                "jsonrpc",
                "2.0",
                "id",
                id,
                "method",
                "tools/call",
                "params",
                Map.of("name", tool, "arguments", Map.of())));
    }

    private static String cancelled(int id) {
        return "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\": {\"requestId\": " + id
                + "}}\n";
    }
}
