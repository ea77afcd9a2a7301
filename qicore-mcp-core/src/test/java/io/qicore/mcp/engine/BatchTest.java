package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several messages at once, as MCP 2025-03-26 has it. */
class BatchTest {

    private final MCPEngine engine = Wire.engine(new Gate()).build();

    @Test
    void batch_isAnsweredWithAnArray() {
        JsonNode answers = Answer.to(
                        engine,
                        "[" + Wire.legacy("ping", "{}") + ", {\"jsonrpc\": \"2.0\", \"method\": \"notifications/x\"}, "
                                + Wire.legacyCall("\"a\"", "echo", "{\"text\": \"x\"}")
                                + ", {\"jsonrpc\": \"2.0\", \"id\": 9, \"result\": {}}, 5, [], {\"id\": 7}]",
                        Wire.headers())
                .json();
        assertThat(answers).hasSize(5);
        assertThat(answers.get(0).get("id").asInt()).isEqualTo(1);
        assertThat(answers.get(1).get("id").asText()).isEqualTo("a");
        assertThat(answers.get(2).has("id") || answers.get(3).has("id")).isFalse();
        assertThat(answers.get(4).get("id").asInt()).isEqualTo(7);
        assertThat(answers.findValues("code")).allMatch(code -> code.asInt() == RpcError.INVALID_REQUEST);
    }

    @Test
    void batchOfNotifications_isAccepted() {
        String notification = "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/x\"}";
        assertThat(Answer.to(engine, "[" + notification + ", " + notification + "]", Wire.headers())
                        .kind())
                .isEqualTo(Reply.Kind.ACCEPTED);
    }

    @Test
    void emptyAndTooLargeBatches_areRefused() {
        Answer.to(engine, "[]", Wire.headers()).isBadRequest(RpcError.INVALID_REQUEST);
        String many = String.join(", ", Collections.nCopies(101, Wire.legacy("ping", "{}")));
        Answer.to(engine, "[" + many + "]", Wire.headers()).isBadRequest(RpcError.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-11-25", "2025-06-18", "2024-11-05", "2026-07-28"})
    void otherRevisions_haveNoBatches(String version) {
        Answer.to(engine, "[" + Wire.legacy("ping", "{}") + "]", Wire.headers("MCP-Protocol-Version", version))
                .isBadRequest(RpcError.INVALID_REQUEST);
    }

    @Test
    void initializeAndTheStatelessRevision_areNoPartOfABatch() {
        ClientConnection connection = MCPEngine.newConnection();
        Answer.to(
                engine,
                Wire.legacy("initialize", "{\"protocolVersion\": \"2025-03-26\", \"capabilities\": {}}"),
                Wire.on(connection));
        JsonNode answers = Answer.to(
                        engine,
                        "[" + Wire.legacy("initialize", "{}") + ", "
                                + Wire.modern("2", "subscriptions/listen", "\"notifications\": {}", "{}") + "]",
                        Wire.on(connection))
                .json();
        assertThat(answers).hasSize(2);
        assertThat(answers.findValues("code")).allMatch(code -> code.asInt() == RpcError.INVALID_REQUEST);
        assertThat(Leaks.of(engine)).isEmpty();
    }

    @Test
    void callsSideBySide_shareTheSinkOneAtATime() {
        MCPEngine talking = Wire.engine(new Gate())
                .tools(List.of(MCPTool.builder("talk", Json.object().put("type", "object"))
                        .description("x")
                        .asyncHandler((arguments, context) -> CompletableFuture.<Object>supplyAsync(() -> {
                            for (int i = 0; i < 200; i++) {
                                context.progress(i, null, null);
                            }
                            return "x";
                        }))
                        .build()))
                .build();
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean overlap = new AtomicBoolean();
        Answer answer = new Answer() {
            @Override
            public void notification(ObjectNode message) {
                overlap.compareAndSet(false, inside.incrementAndGet() > 1);
                Thread.yield();
                inside.decrementAndGet();
            }
        };
        String call = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\": {\"name\": \"talk\","
                + " \"_meta\": {\"progressToken\": 1}}}";
        String batch = "[" + String.join(", ", Collections.nCopies(8, call)) + "]";
        talking.handle(batch.getBytes(StandardCharsets.UTF_8), Wire.headers(), answer);
        assertThat(answer.json()).hasSize(8);
        assertThat(overlap).isFalse();
        await().untilAsserted(() -> assertThat(Leaks.of(talking)).isEmpty());
    }
}
