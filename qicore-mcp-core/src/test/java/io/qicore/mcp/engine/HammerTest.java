package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.engine.call.ConnectionState;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.task.InMemoryTaskStore;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.LogLevel;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ToolResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Answers, cancellations, deadlines and disconnects that race each other: one end for each call, and nothing is left. */
class HammerTest {

    private static final int THREADS = 8;
    private static final int CALLS = 120;
    private static final String CLIENT =
            "{\"elicitation\": {}, \"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}";

    record Confirm(boolean yes) {}

    private final AtomicInteger watchers = new AtomicInteger();
    private final InMemoryTaskStore store = new InMemoryTaskStore(100_000, java.time.Clock.systemUTC());
    private final MCPEngine engine = Wire.engine(new Gate())
            .callTimeout(Duration.ofMillis(40))
            .maxConcurrentCalls(THREADS * 4)
            .maxSubscriptions(THREADS * 4)
            .taskStore(store)
            .tools(List.of(
                    tool("chatter", HammerTest::chatter),
                    tool("slow", context -> {
                        TimeUnit.MILLISECONDS.sleep(35);
                        return ToolResult.text("done");
                    }),
                    tool("ask", HammerTest::ask),
                    tool("task", context -> ToolResult.task(HammerTest::ask)),
                    MCPTool.builder("async", Json.object().put("type", "object"))
                            .description("x")
                            .asyncHandler((arguments, context) -> CompletableFuture.<Object>supplyAsync(() -> "x")
                                    .orTimeout(1, TimeUnit.SECONDS))
                            .build()))
            .resources(List.of(MCPResource.of("h://x", "x")
                    .reader((uri, variables, context) -> ResourceResult.text("x"))
                    .watcher((uri, caller, changed) -> {
                        watchers.incrementAndGet();
                        changed.run();
                        return watchers::decrementAndGet;
                    })
                    .build()))
            .build();

    /** One end, nothing after it; answers questions. */
    private final class Client implements ReplySink {

        private final ClientConnection connection;
        private final AtomicInteger ends = new AtomicInteger();
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile double progress = -1;
        private volatile String fault = "";

        Client(ClientConnection connection) {
            this.connection = connection;
        }

        @Override
        public void notification(ObjectNode message) {
            if (ends.get() > 0) {
                fault = "after the end: " + message;
            }
            if (message.path("method").asText().equals("notifications/progress")) {
                double next = message.at("/params/progress").asDouble();
                if (next <= progress) {
                    fault = "progress " + next + " after " + progress;
                }
                progress = next;
            }
            if (message.has("id")) {
                Answer.to(
                        engine,
                        "{\"jsonrpc\": \"2.0\", \"id\": " + message.get("id")
                                + ", \"result\": {\"action\": \"accept\"}}",
                        Wire.on(connection));
            }
        }

        @Override
        public void reply(Reply reply) {
            end();
        }

        @Override
        public void cancelled() {
            end();
        }

        private void end() {
            if (ends.incrementAndGet() > 1) {
                fault = "two ends";
            }
            ended.countDown();
        }
    }

    @Test
    void races_leaveOneEndForEachCallAndNothingElse() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 2);
        try {
            List<Future<?>> runs = IntStream.range(0, THREADS)
                    .<Future<?>>mapToObj(thread -> threads.submit(() -> {
                        hammer(new Random(thread));
                        return null;
                    }))
                    .toList();
            Future<?> changes = threads.submit(() -> {
                while (!runs.stream().allMatch(Future::isDone)) {
                    engine.replacePrompts(List.of());
                    engine.replaceResources(List.copyOf(List.of(resource())));
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                return null;
            });
            for (Future<?> run : runs) {
                run.get(60, TimeUnit.SECONDS);
            }
            changes.get(10, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
        await().atMost(Gate.PATIENCE).untilAsserted(() -> {
            engine.close();
            assertThat(Leaks.of(engine)).isEmpty();
        });
        assertThat(watchers).hasValue(0);
        assertThat(Leaks.size(store, "watchers")).isZero();
    }

    private MCPResource resource() {
        return MCPResource.of("h://x", "x")
                .reader((uri, variables, context) -> ResourceResult.text("x"))
                .watcher((uri, caller, changed) -> {
                    watchers.incrementAndGet();
                    changed.run();
                    return watchers::decrementAndGet;
                })
                .build();
    }

    private void hammer(Random random) throws Exception {
        ClientConnection connection = MCPEngine.newConnection(message -> {});
        Answer.to(
                engine,
                Wire.legacy(
                        "initialize", "{\"protocolVersion\": \"2025-11-25\", \"capabilities\": {\"elicitation\": {}}}"),
                Wire.on(connection));
        ExecutorService others = Executors.newFixedThreadPool(2);
        for (int i = 0; i < CALLS; i++) {
            Client client = new Client(connection);
            CallControl control = new CallControl();
            CallMetadata metadata = CallMetadata.of(control).withConnection(connection);
            byte[] message = message(random, i).getBytes(StandardCharsets.UTF_8);
            int delay = random.nextInt(3) == 0 ? 0 : random.nextInt(45_000);
            int how = random.nextInt(4);
            String id = "" + i;
            Future<?> canceller = others.submit(() -> {
                java.util.concurrent.locks.LockSupport.parkNanos(delay * 1_000L);
                switch (how) {
                    case 0 -> control.cancel("test");
                    case 1 -> control.disconnected();
                    case 2 -> Answer.to(engine, Wire.cancelled(id), Wire.on(connection));
                    default -> ((ConnectionState) connection).unwatch("h://x");
                }
            });
            others.submit(() -> engine.handle(message, metadata, client));
            if (random.nextInt(4) > 0) {
                canceller.get(10, TimeUnit.SECONDS);
                control.cancel("the test goes on");
            }
            canceller.get(10, TimeUnit.SECONDS);
            await().pollInterval(Duration.ofMillis(1)).atMost(Gate.PATIENCE).until(() -> {
                control.cancel("the end of the test");
                return client.ended.getCount() == 0;
            });
            assertThat(client.fault)
                    .as(new String(message, StandardCharsets.UTF_8))
                    .isEmpty();
        }
        others.shutdown();
        assertThat(others.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        connection.closed();
    }

    private static String message(Random random, int id) {
        String tool = List.of("chatter", "slow", "ask", "task", "async").get(random.nextInt(5));
        return switch (random.nextInt(4)) {
            case 0 -> Wire.legacyCall("" + id, tool, "{}");
            case 1 -> Wire.message("" + id, "tools/call", """
                    {"name": "chatter", "_meta": {"progressToken": 1}}""");
            case 2 ->
                Wire.modern(
                        "" + id,
                        "subscriptions/listen",
                        "\"notifications\": {\"resourcesListChanged\": true, \"resourceSubscriptions\": [\"h://x\"]}",
                        "{}");
            default -> Wire.modern("" + id, "tools/call", "\"name\": \"" + tool + "\"", CLIENT);
        };
    }

    private static ToolResult chatter(RequestContext context) throws Exception {
        Thread[] talkers = new Thread[3];
        for (int t = 0; t < talkers.length; t++) {
            talkers[t] = new Thread(() -> {
                for (int i = 0; i < 20; i++) {
                    context.progress(i, 20.0, null);
                    context.log(LogLevel.ERROR, "x", "y");
                }
            });
            talkers[t].start();
        }
        for (Thread talker : talkers) {
            talker.join();
        }
        return ToolResult.text("done");
    }

    private static ToolResult ask(RequestContext context) {
        return context.inputs().raw("x").isPresent()
                ? ToolResult.text("answered")
                : ToolResult.inputRequired(InputRequests.builder()
                        .elicit("x", Elicitation.form("x?", Confirm.class))
                        .build());
    }

    private interface Work {
        ToolResult run(RequestContext context) throws Exception;
    }

    private static MCPTool tool(String name, Work work) {
        return MCPTool.builder(name, Json.object().put("type", "object"))
                .description("x")
                .resultHandler((arguments, context) -> work.run(context))
                .build();
    }
}
