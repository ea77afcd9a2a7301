package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.tool.MCPTool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How calls live and end: deadlines, cancellation, limits. */
class MCPEngineTest {

    private static final Duration SHORT = Duration.ofMillis(60);

    private final Gate gate = new Gate();

    @AfterEach
    void openGate() {
        gate.open();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "wait_stubbornly", "never"})
    void deadline_isAnsweredWhateverTheHandlerDoes(String tool) {
        MCPEngine engine = Wire.engine(gate).callTimeout(SHORT).build();
        for (String call : List.of(Wire.modernCall(tool, "{}"), Wire.legacyCall(tool, "{}"))) {
            JsonNode result = Answer.later(engine, call, CallMetadata.none()).result();
            assertThat(result.get("isError").booleanValue()).isTrue();
            assertThat(result.at("/content/0/text").asText()).contains("DEADLINE_EXCEEDED", tool);
            assertThat(result.has("resultType")).isEqualTo(call.contains("_meta"));
        }
    }

    @Test
    void deadline_isWatchedAgainAfterNothingWasInFlight() {
        MCPEngine engine = Wire.engine(gate).callTimeout(SHORT).build();
        for (int i = 0; i < 3; i++) {
            Answer first = Answer.to(engine, Wire.modernCall("never", "{}"));
            Answer second = Answer.to(engine, Wire.modernCall("never", "{}"));
            assertThat(first.result().get("isError").booleanValue()).isTrue();
            assertThat(second.result().get("isError").booleanValue()).isTrue();
            // Long enough for the clock to find nothing to watch.
            await().pollDelay(SHORT.multipliedBy(3)).until(() -> true);
        }
    }

    @Test
    void deadline_interruptsTheHandlerButNotWhatItsThreadDoesNext() throws Exception {
        MCPEngine engine = Wire.engine(gate).callTimeout(SHORT).build();
        for (String tool : List.of("wait", "wait_stubbornly")) {
            AtomicReference<Boolean> flag = new AtomicReference<>();
            Answer answer = new Answer();
            Thread thread = new Thread(() -> {
                engine.handle(bytes(Wire.modernCall(tool, "{}")), CallMetadata.none(), answer);
                flag.set(Thread.currentThread().isInterrupted());
            });
            thread.start();
            answer.get();
            assertThat(gate.awaitInterrupt()).isTrue();
            if (tool.equals("wait_stubbornly")) {
                gate.open();
            }
            thread.join(Gate.PATIENCE.toMillis());
            assertThat(flag).hasValue(false);
        }
    }

    @Test
    void context_knowsItsDeadlineAndThatItPassed() {
        AtomicReference<Duration> before = new AtomicReference<>();
        AtomicReference<Duration> after = new AtomicReference<>();
        AtomicInteger actions = new AtomicInteger();
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        MCPEngine engine = engineOf(Duration.ofMillis(200), (nothing, context) -> {
            before.set(context.remaining());
            context.onCancel(actions::incrementAndGet);
            try {
                gate.pass();
            } catch (InterruptedException e) {
                after.set(context.remaining());
                context.onCancel(actions::incrementAndGet);
                cancelled.complete(context.isCancelled());
            }
            return new TestServer.Text("late");
        });

        Answer.later(engine, Wire.modernCall("t", "{}"), CallMetadata.none()).get();

        await().until(cancelled::isDone);
        assertThat(cancelled.join()).isTrue();
        assertThat(before.get()).isPositive().isLessThanOrEqualTo(Duration.ofMillis(200));
        assertThat(after.get()).isZero();
        await().untilAsserted(() -> assertThat(actions).hasValue(2));
    }

    @Test
    void ordinaryCall_startsNoThread() {
        MCPEngine engine = Wire.engine();
        // The timer of the JVM may start with the first call.
        Answer.to(engine, Wire.modernCall("echo", "{\"text\": \"x\"}"));
        long before = java.lang.management.ManagementFactory.getThreadMXBean().getTotalStartedThreadCount();
        for (int i = 0; i < 200; i++) {
            Answer.to(engine, Wire.modernCall("echo", "{\"text\": \"x\"}"));
        }
        long started = java.lang.management.ManagementFactory.getThreadMXBean().getTotalStartedThreadCount() - before;
        assertThat(started).isLessThan(50);
    }

    @Test
    void disconnect_cancelsAModernCall() throws Exception {
        MCPEngine engine = Wire.engine(gate).build();
        CallControl control = new CallControl();
        Answer answer = Answer.later(engine, Wire.modernCall("wait", "{}"), Wire.with(control));
        gate.awaitEntered(1);
        control.disconnected();
        assertThat(gate.awaitInterrupt()).isTrue();
        assertThat(answer.isCancelled()).isTrue();
    }

    @Test
    void disconnect_leavesALegacyCallAlone() {
        MCPEngine engine = Wire.engine(gate).build();
        CallControl control = new CallControl();
        Answer answer = Answer.later(engine, Wire.legacyCall("wait", "{}"), Wire.with(control));
        gate.awaitEntered(1);
        control.disconnected();
        gate.open();
        assertThat(answer.result().at("/structuredContent/text").asText()).isEqualTo("waited");
        assertThat(gate.wasInterrupted()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancel_cancelsInBothEras(boolean modern) throws Exception {
        MCPEngine engine = Wire.engine(gate).build();
        CallControl control = new CallControl();
        Answer answer = Answer.later(
                engine, modern ? Wire.modernCall("wait", "{}") : Wire.legacyCall("wait", "{}"), Wire.with(control));
        gate.awaitEntered(1);
        control.cancel("test");
        control.cancel("again");
        assertThat(gate.awaitInterrupt()).isTrue();
        assertThat(answer.isCancelled()).isTrue();
    }

    @Test
    void callCancelledBeforeItBegins_doesNotRun() {
        AtomicInteger runs = new AtomicInteger();
        MCPEngine engine = engineOf(Duration.ofSeconds(5), (nothing, context) -> {
            runs.incrementAndGet();
            return new TestServer.Text("ran");
        });
        CallControl control = new CallControl();
        control.cancel("test");
        Answer answer = Answer.to(engine, Wire.modernCall("t", "{}"), Wire.with(control));
        assertThat(answer.isCancelled()).isTrue();
        assertThat(runs).hasValue(0);
    }

    @Test
    void cancelAfterTheAnswer_doesNothing() {
        MCPEngine engine = Wire.engine();
        CallControl control = new CallControl();
        Answer answer = Answer.to(engine, Wire.modernCall("echo", "{\"text\": \"x\"}"), Wire.with(control));
        control.cancel("test");
        control.disconnected();
        assertThat(answer.isCancelled()).isFalse();
        assertThat(answer.kind()).isEqualTo(Reply.Kind.RESULT);
    }

    @Test
    void cancelledNotification_cancelsTheCallOfThatIdOnItsConnectionOnly() throws Exception {
        MCPEngine engine = Wire.engine(gate).build();
        ClientConnection mine = MCPEngine.newConnection();
        ClientConnection other = MCPEngine.newConnection();
        Answer answer = Answer.later(engine, Wire.modernCall("7", "wait", "{}"), Wire.on(mine));
        gate.awaitEntered(1);

        Answer.to(engine, Wire.cancelled("7"), Wire.on(other));
        Answer.to(engine, Wire.cancelled("\"7\""), Wire.on(mine));
        Answer.to(engine, Wire.cancelled("{}"), Wire.on(mine));
        assertThat(answer.isThere()).isFalse();

        Answer.to(engine, Wire.cancelled("7"), Wire.on(mine));
        assertThat(gate.awaitInterrupt()).isTrue();
        assertThat(answer.isCancelled()).isTrue();
    }

    @Test
    void idInFlight_mayNotBeUsedTwiceOnAConnection() {
        MCPEngine engine = Wire.engine(gate).build();
        ClientConnection connection = MCPEngine.newConnection();
        Answer first = Answer.later(engine, Wire.modernCall("7", "wait", "{}"), Wire.on(connection));
        gate.awaitEntered(1);

        Answer.to(engine, Wire.modernCall("7", "echo", "{\"text\": \"x\"}"), Wire.on(connection))
                .isBadRequest(-32600);
        assertThat(Answer.to(engine, Wire.modernCall("\"7\"", "echo", "{\"text\": \"x\"}"), Wire.on(connection))
                        .kind())
                .isEqualTo(Reply.Kind.RESULT);
        gate.open();
        assertThat(first.kind()).isEqualTo(Reply.Kind.RESULT);
        await().until(() -> Answer.to(engine, Wire.modernCall("7", "echo", "{\"text\": \"x\"}"), Wire.on(connection))
                        .kind()
                == Reply.Kind.RESULT);
    }

    @Test
    void tooManyCalls_areAnsweredBusyUntilOneEnds() {
        MCPEngine engine = Wire.engine(gate).maxConcurrentCalls(2).build();
        List<Answer> waiting = List.of(
                Answer.later(engine, Wire.modernCall("wait", "{}"), CallMetadata.none()),
                Answer.later(engine, Wire.modernCall("wait", "{}"), CallMetadata.none()));
        gate.awaitEntered(2);

        Answer busy = Answer.to(engine, Wire.modernCall("echo", "{\"text\": \"x\"}"));
        assertThat(busy.kind()).isEqualTo(Reply.Kind.BUSY);
        assertThat(busy.errorCode()).isEqualTo(-31000);
        assertThat(busy.id()).isNotNull();

        gate.open();
        waiting.forEach(answer -> assertThat(answer.kind()).isEqualTo(Reply.Kind.RESULT));
        awaitFree(engine, 2);
    }

    @Test
    void handlerThatIgnoresItsDeadline_keepsItsPermitUntilItEnds() {
        MCPEngine engine =
                Wire.engine(gate).maxConcurrentCalls(1).callTimeout(SHORT).build();
        Answer.later(engine, Wire.modernCall("wait_stubbornly", "{}"), CallMetadata.none())
                .get();
        assertThat(Answer.to(engine, Wire.modern("tools/list")).kind()).isEqualTo(Reply.Kind.BUSY);
        gate.open();
        awaitFree(engine, 1);
    }

    @Test
    void asynchronousCallAnsweredLateBeforeItGaveBackItsThread_givesBackItsPermit() {
        MCPEngine engine = MCPEngine.builder(new ServerInfo("test", "1.0"))
                .tools(List.of(MCPTool.builder("t", TestServer.Nothing.class, TestServer.Text.class)
                        .description("Takes long to begin and never ends.")
                        .asyncHandler((nothing, context) -> {
                            gate.passStubbornly();
                            return new CompletableFuture<>();
                        })
                        .build()))
                .maxConcurrentCalls(1)
                .callTimeout(SHORT)
                .build();
        Answer.later(engine, Wire.modernCall("t", "{}"), CallMetadata.none()).get();
        gate.open();
        awaitFree(engine, 1);
    }

    @Test
    void sinkThatFails_costsNoPermit() {
        MCPEngine engine = Wire.engine(gate).maxConcurrentCalls(1).build();
        ReplySink broken = reply -> {
            throw new IllegalStateException("The client has gone.");
        };
        for (String tool : List.of("echo", "echo_async")) {
            engine.handle(bytes(Wire.modernCall(tool, "{\"text\": \"x\"}")), CallMetadata.none(), broken);
            awaitFree(engine, 1);
        }
    }

    @Test
    void permits_neverLeak() throws Exception {
        int limit = 8;
        MCPEngine engine = Wire.engine(gate)
                .maxConcurrentCalls(limit)
                .callTimeout(Duration.ofMillis(20))
                .build();
        List<String> calls = List.of(
                Wire.modernCall("echo", "{\"text\": \"x\"}"),
                Wire.modernCall("echo_async", "{\"text\": \"x\"}"),
                Wire.legacyCall("fail", "{\"text\": \"x\"}"),
                Wire.modernCall("wait", "{}"),
                Wire.modernCall("never", "{}"),
                Wire.legacyCall("no_such", "{}"),
                Wire.modernCall("echo", "{\"wrong\": 1}"),
                Wire.modern("no/such"),
                "{");
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                String call = calls.get(i % calls.size());
                boolean cancel = i % 7 == 0;
                done.add(threads.submit(() -> {
                    CallControl control = new CallControl();
                    Answer answer = Answer.to(engine, call, Wire.with(control));
                    if (cancel) {
                        control.cancel("test");
                    }
                    await().pollInterval(Duration.ofMillis(2)).until(answer::isThere);
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                }));
            }
            for (Future<?> call : done) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
        awaitFree(engine, limit);
    }

    @Test
    void close_cancelsWhatIsInFlightAndRefusesWhatComes() throws Exception {
        MCPEngine engine = Wire.engine(gate).build();
        Answer answer = Answer.later(engine, Wire.legacyCall("wait", "{}"), CallMetadata.none());
        gate.awaitEntered(1);
        engine.close();
        assertThat(gate.awaitInterrupt()).isTrue();
        assertThat(answer.isCancelled()).isTrue();
        Answer refused = Answer.to(engine, Wire.modern("tools/list"));
        assertThat(refused.kind()).isEqualTo(Reply.Kind.BUSY);
        assertThat(refused.errorCode()).isEqualTo(-31000);
        engine.close();
        // The interrupted handler has yet to leave its thread.
        await().untilAsserted(() -> assertThat(Leaks.of(engine)).isEmpty());
    }

    @Test
    void closeWithTime_letsWhatIsInFlightEnd() throws Exception {
        MCPEngine engine = Wire.engine(gate).build();
        Answer answer = Answer.later(engine, Wire.modernCall("wait", "{}"), CallMetadata.none());
        gate.awaitEntered(1);
        Thread closing = new Thread(() -> engine.close(Gate.PATIENCE));
        closing.start();
        // From then on nothing new begins.
        await().until(() -> Answer.to(engine, Wire.modern("tools/list")).kind() == Reply.Kind.BUSY);
        assertThat(answer.isThere()).isFalse();
        gate.open();
        closing.join(Gate.PATIENCE.toMillis());
        assertThat(closing.isAlive()).isFalse();
        assertThat(answer.result().at("/structuredContent/text").asText()).isEqualTo("waited");
    }

    @Test
    void caller_reachesTheHandler() {
        MCPEngine engine = engineOf(
                Duration.ofSeconds(5),
                (nothing, context) ->
                        new TestServer.Text(String.valueOf(context.caller().subject())));
        Answer answer = Answer.to(engine, Wire.modernCall("t", "{}"), Wire.as("alice"));
        assertThat(answer.result().at("/structuredContent/text").asText()).isEqualTo("alice");
    }

    @Test
    void limits_mustMakeSense() {
        MCPEngine.Builder builder = MCPEngine.builder(new ServerInfo("test", "1.0"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxConcurrentCalls(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.callTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.callTimeout(Duration.ofSeconds(-1)));
    }

    /** Waits until as many calls as the engine admits can be in flight at once again. */
    private static void awaitFree(MCPEngine engine, int permits) {
        await().atMost(Gate.PATIENCE).until(() -> {
            CountDownLatch hold = new CountDownLatch(1);
            AtomicInteger held = new AtomicInteger();
            AtomicInteger busy = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < permits; i++) {
                Thread thread =
                        new Thread(() -> engine.handle(bytes(Wire.modern("tools/list")), CallMetadata.none(), reply -> {
                            if (reply.kind() == Reply.Kind.BUSY) {
                                busy.incrementAndGet();
                            } else {
                                // A sink that waits keeps its call in flight.
                                held.incrementAndGet();
                                try {
                                    hold.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            }
                        }));
                threads.add(thread);
                thread.start();
            }
            await().pollInterval(Duration.ofMillis(2)).until(() -> held.get() + busy.get() == permits);
            hold.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            return held.get() == permits;
        });
    }

    private static MCPEngine engineOf(
            Duration timeout, io.qicore.mcp.tool.ToolHandler<TestServer.Nothing, TestServer.Text> handler) {
        return MCPEngine.builder(new ServerInfo("test", "1.0"))
                .tools(List.of(MCPTool.builder("t", TestServer.Nothing.class, TestServer.Text.class)
                        .description("Test.")
                        .handler(handler)
                        .build()))
                .callTimeout(timeout)
                .build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
