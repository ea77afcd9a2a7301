package io.qicore.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every way to reach a server must do. */
public abstract class TransportContract {

    protected TestServer server = new TestServer();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private Caller caller;

    /** How a test calls tools through the transport. Thread-safe. */
    public interface Caller extends AutoCloseable {

        /** The structured result. Throws {@link MCPToolError} for a tool error. */
        JsonNode call(String tool, Map<String, ?> arguments) throws Exception;

        /** Names of the tools. */
        List<String> tools() throws Exception;

        /** Versions that the server says it serves. */
        List<String> versions() throws Exception;

        @Override
        void close();
    }

    /** The transports of {@link #server}; the same at each call. */
    protected abstract List<ServerTransport> transports();

    /** Starts {@link #server} and connects to it. */
    protected abstract Caller connect() throws Exception;

    /** Stops the server the way that this transport drains. */
    protected void stop() {
        server.cleanup();
    }

    /** What threads of the server are called. */
    protected abstract String threadPrefix();

    @BeforeEach
    void setUp() throws Exception {
        startWith(ServerSettings.builder().callTimeout(Duration.ofSeconds(15)));
    }

    @AfterEach
    void tearDown() {
        server.gate().open();
        caller.close();
        server.cleanup();
        callers.shutdownNow();
        io.qicore.mcp.Threads.awaitNone(threadPrefix());
    }

    @Test
    void discover_namesTheVersions() throws Exception {
        assertThat(caller.versions()).contains("2026-07-28", "2025-11-25");
    }

    @Test
    void list_namesTheTools() throws Exception {
        assertThat(caller.tools()).startsWith("echo").contains("fail", "wait");
    }

    @Test
    void call_answers() throws Exception {
        assertThat(echo("hello")).isEqualTo("hello");
    }

    @Test
    void unicode_survives() throws Exception {
        String text = "ä ☃ 𝄞 \u0000 \n\r\t \u2028 \"\\ \ufeff 漢字";
        assertThat(echo(text)).isEqualTo(text);
    }

    @Test
    void toolError_arrivesWhole() {
        assertThatThrownBy(() -> caller.call("fail", Map.of("text", "no luck")))
                .isInstanceOfSatisfying(MCPToolError.class, error -> {
                    assertThat(error.code()).isEqualTo("OUT_OF_LUCK");
                    assertThat(error).hasMessage("no luck");
                    assertThat(error.context()).containsEntry("text", "no luck");
                    assertThat(error.retryable()).isTrue();
                    assertThat(error.getCause()).isNull();
                });
    }

    @Test
    void unexpectedFailure_hidesItsText() {
        assertThatThrownBy(() -> caller.call("crash", Map.of()))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("INTERNAL_ERROR"))
                .hasMessageNotContaining("secret");
    }

    @Test
    void unknownTool_isNoToolError() {
        assertThat(catchThrowable(() -> caller.call("no_such_tool", Map.of())))
                .isNotNull()
                .isNotInstanceOf(MCPToolError.class)
                .hasMessageContaining("-32602");
    }

    @Test
    void manyCallsAtOnce_eachGetItsOwnAnswer() throws Exception {
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            String text = "call " + i;
            String tool = i % 2 == 0 ? "echo" : "echo_async";
            answers.add(callers.submit(
                    () -> caller.call(tool, Map.of("text", text)).get("text").asText()));
        }
        for (int i = 0; i < 64; i++) {
            assertThat(get(answers.get(i))).isEqualTo("call " + i);
        }
    }

    @Test
    void waitingCalls_doNotHoldUpOthers() throws Exception {
        List<Future<JsonNode>> waiting = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            waiting.add(callers.submit(() -> caller.call("wait", Map.of())));
        }
        server.gate().awaitEntered(64);
        assertThat(echo("quick")).isEqualTo("quick");
        server.gate().open();
        for (Future<JsonNode> call : waiting) {
            assertThat(get(call).get("text").asText()).isEqualTo("waited");
        }
    }

    @Test
    void bigResult_arrivesWhole() throws Exception {
        assertThat(caller.call("repeat", Map.of("size", 2 << 20)).get("text").asText())
                .hasSize(2 << 20);
    }

    @Test
    void bigArguments_arriveWhole() throws Exception {
        String text = "ü".repeat(1 << 20);
        assertThat(echo(text)).isEqualTo(text);
    }

    @Test
    void deadline_isAToolError() throws Exception {
        restartWith(ServerSettings.builder().callTimeout(Duration.ofMillis(100)));
        for (String tool : List.of("wait", "never")) {
            assertThatThrownBy(() -> caller.call(tool, Map.of())).isInstanceOfSatisfying(MCPToolError.class, error -> {
                assertThat(error.code()).isEqualTo("DEADLINE_EXCEEDED");
                assertThat(error.retryable()).isTrue();
            });
        }
        assertThat(server.gate().awaitInterrupt()).isTrue();
        assertThat(echo("still there")).isEqualTo("still there");
    }

    @Test
    void stop_letsACallInFlightEnd() throws Exception {
        Future<JsonNode> call = callers.submit(() -> caller.call("wait", Map.of()));
        server.gate().awaitEntered(1);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(this::stop);
        server.gate().open();

        assertThat(get(call).get("text").asText()).isEqualTo("waited");
        stopped.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(server.gate().wasInterrupted()).isFalse();
    }

    @Test
    void stop_cancelsACallThatOutlastsTheDrainTimeout() throws Exception {
        restartWith(ServerSettings.builder().callTimeout(Duration.ofSeconds(15)).drainTimeout(Duration.ofMillis(100)));
        Future<JsonNode> call = callers.submit(() -> caller.call("wait", Map.of()));
        server.gate().awaitEntered(1);

        stop();

        assertThat(server.gate().awaitInterrupt()).isTrue();
        caller.close();
        await().atMost(Gate.PATIENCE).until(call::isDone);
        assertThat(catchThrowable(() -> get(call))).isNotNull();
    }

    private void restartWith(ServerSettings.Builder settings) throws Exception {
        caller.close();
        server.cleanup();
        startWith(settings);
    }

    private void startWith(ServerSettings.Builder settings) throws Exception {
        server = server.with(settings.transports(transports()));
        caller = connect();
    }

    private String echo(String text) throws Exception {
        return caller.call("echo", Map.of("text", text)).get("text").asText();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
