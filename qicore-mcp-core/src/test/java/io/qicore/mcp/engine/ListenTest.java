package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code subscriptions/listen}, and {@code resources/subscribe} of older clients. */
class ListenTest {

    private static final String ID = "/params/_meta/io.modelcontextprotocol~1subscriptionId";
    private static final String ACK = "notifications/subscriptions/acknowledged";
    private static final String UPDATED = "notifications/resources/updated";
    private static final String TOOLS = "notifications/tools/list_changed";
    private static final String ALL = "{\"toolsListChanged\": true, \"promptsListChanged\": true,"
            + " \"resourcesListChanged\": true, \"resourceSubscriptions\": [\"t://a\", \"t://plain\", \"t://a\", 5]}";

    private final Gate gate = new Gate();
    private final Map<Runnable, String> watchers = new ConcurrentHashMap<>();
    private final AtomicInteger watched = new AtomicInteger();
    private final MCPEngine engine = Wire.engine(gate)
            .maxSubscriptions(20)
            .resources(List.of(
                    MCPResource.template("t://{x}", "watched")
                            .reader((uri, variables, context) -> ResourceResult.text(uri))
                            .watcher((uri, caller, changed) -> {
                                watched.incrementAndGet();
                                Runnable watcher = changed::run;
                                watchers.put(watcher, uri);
                                return () -> watchers.remove(watcher);
                            })
                            .build(),
                    MCPResource.of("t://plain", "plain")
                            .reader((uri, variables, context) -> ResourceResult.text(uri))
                            .build()))
            .build();

    @AfterEach
    void close() {
        gate.open();
        engine.close();
        await().untilAsserted(() -> assertThat(watchers).isEmpty());
        assertThat(Leaks.of(engine)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "\"7\"", "9007199254740993"})
    void acknowledgement_comesFirstAndNamesWhatIsHonoured(String id) {
        Answer answer = listen(id, ALL, new CallControl());
        JsonNode first = answer.notifications().get(0);
        assertThat(first.get("method").asText()).isEqualTo(ACK);
        assertThat(first.at("/params/notifications").toString())
                .isEqualTo("{\"toolsListChanged\":true,\"resourcesListChanged\":true,"
                        + "\"resourceSubscriptions\":[\"t://a\"]}");
        assertThat(first.at(ID)).hasToString(id);
        assertThat(answer.isThere()).isFalse();
    }

    @Test
    void change_duringTheAcknowledgementIsNotLost() {
        Answer answer = new Answer() {
            @Override
            public void notification(ObjectNode message) {
                if (message.get("method").asText().equals(ACK)) {
                    watchers.keySet().forEach(Runnable::run);
                    engine.replaceTools(TestServer.tools(gate));
                }
                super.notification(message);
            }
        };
        handle(answer, message("1", ALL), new CallControl());
        answer.await(TOOLS, 1);
        answer.await(UPDATED, 1);
        assertThat(answer.notifications().get(0).get("method").asText()).isEqualTo(ACK);
        assertThat(answer.notifications()).hasSize(3);
    }

    @Test
    void eachStream_getsWhatItAskedFor() {
        Answer tools = listen("1", "{\"toolsListChanged\": true}", new CallControl());
        Answer resource = listen("2", "{\"resourceSubscriptions\": [\"t://a\"]}", new CallControl());
        Answer other =
                listen("3", "{\"resourceSubscriptions\": [\"t://b\"], \"toolsListChanged\": false}", new CallControl());
        Answer nothing = listen("4", "{}", new CallControl());
        engine.replaceTools(TestServer.tools(gate));
        engine.replacePrompts(List.of(prompt()));
        changed("t://a");
        assertThat(tools.await(TOOLS, 1).get(0).at(ID).asInt()).isEqualTo(1);
        assertThat(resource.await(UPDATED, 1).get(0).at("/params/uri").asText()).isEqualTo("t://a");
        engine.endSubscriptions();
        for (Answer answer : List.of(tools, resource, other, nothing)) {
            assertThat(answer.result().get("resultType").asText()).isEqualTo("complete");
            assertThat(answer.result()
                            .at("/_meta/io.modelcontextprotocol~1subscriptionId")
                            .isInt())
                    .isTrue();
        }
        assertThat(List.of(tools, resource, other, nothing))
                .extracting(answer -> answer.notifications().size())
                .containsExactly(2, 2, 1, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "\"x\"", "1"})
    void notifications_mustBeAnObject(String notifications) {
        assertThat(listen("1", notifications, new CallControl()).errorCode()).isEqualTo(RpcError.INVALID_PARAMS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"toolsListChanged\": \"true\", \"resourceSubscriptions\": \"t://a\"}",
                "{\"toolsListChanged\": 1, \"resourceSubscriptions\": {}, \"taskIds\": [\"x\"]}"
            })
    void malformedFilter_isNotHonoured(String notifications) {
        Answer answer = listen("1", notifications, new CallControl());
        assertThat(answer.notifications().get(0).at("/params/notifications")).isEmpty();
    }

    @Test
    void tooManyResources_areRefused() {
        String uris = String.join(", ", java.util.Collections.nCopies(1_001, "\"t://a\""));
        assertThat(listen("1", "{\"resourceSubscriptions\": [" + uris + "]}", new CallControl())
                        .errorCode())
                .isEqualTo(RpcError.INVALID_PARAMS);
    }

    @Test
    void disconnect_endsWhatWatchesAndFreesThePlace() {
        for (int round = 0; round < 3; round++) {
            List<CallControl> controls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                CallControl control = new CallControl();
                controls.add(control);
                assertThat(listen("1", ALL, control).isThere()).isFalse();
            }
            assertThat(watchers).hasSize(20);
            assertThat(listen("1", ALL, new CallControl()).kind()).isEqualTo(Reply.Kind.BUSY);
            controls.forEach(CallControl::disconnected);
            assertThat(watchers).isEmpty();
        }
    }

    @Test
    void subscription_endsWhenTheCredentialsExpire() {
        Caller caller = Caller.of("alice").withExpiry(Instant.now().plusMillis(300));
        Answer answer = new Answer();
        engine.handle(
                message("1", ALL).getBytes(StandardCharsets.UTF_8),
                CallMetadata.of(new CallControl()).withCaller(caller),
                answer);
        assertThat(answer.notifications()).hasSize(1);
        assertThat(answer.result().get("resultType").asText()).isEqualTo("complete");
        // A moment after the answer.
        await().untilAsserted(() -> assertThat(watchers).isEmpty());
    }

    @Test
    void stopBeforeTheEngineSeesTheMessage_endsTheSubscriptionAtOnce() {
        // As a transport tells it that has admitted the message and stops before one of its threads takes it on.
        CallControl control = new CallControl();
        control.stopping();
        Answer answer = listen("1", ALL, control);
        assertThat(answer.result().get("resultType").asText()).isEqualTo("complete");
        assertThat(answer.notifications().get(0).get("method").asText()).isEqualTo(ACK);
    }

    @Test
    void stopWhileTheSubscriptionBegins_endsItWithAnAnswer() throws Exception {
        CountDownLatch acknowledging = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        Answer answer = new Answer() {
            @Override
            public void notification(ObjectNode message) {
                acknowledging.countDown();
                awaitLatch(stopping);
                super.notification(message);
            }
        };
        Thread beginning = new Thread(() -> handle(answer, message("1", ALL), new CallControl()));
        beginning.start();
        acknowledging.await();
        Thread ending = new Thread(engine::endSubscriptions);
        ending.start();
        await().until(() -> ending.getState() == Thread.State.TIMED_WAITING);
        stopping.countDown();
        assertThat(answer.result()).isNotNull();
        ending.join(Gate.PATIENCE.toMillis());
        beginning.join(Gate.PATIENCE.toMillis());
        assertThat(watchers).isEmpty();
    }

    @Test
    void drain_leavesNoListenerBehindThatDoesNotRead() {
        CountDownLatch reads = new CountDownLatch(1);
        Answer silent = new Answer() {
            @Override
            public void notification(ObjectNode message) {
                if (!message.get("method").asText().equals(ACK)) {
                    throw new IllegalStateException("never reads");
                }
                super.notification(message);
            }

            @Override
            public void reply(Reply reply) {
                awaitLatch(reads);
                super.reply(reply);
            }
        };
        handle(silent, message("1", ALL), new CallControl());
        Answer listening = listen("2", ALL, new CallControl());
        engine.drain(Duration.ofMillis(100));
        assertThat(listening.result()).isNotNull();
        assertThat(silent.isThere()).isFalse();
        reads.countDown();
        assertThat(silent.result()).isNotNull();
    }

    @Test
    void slowAndBrokenListeners_holdUpNobody() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        Answer slow = new Answer() {
            @Override
            public void notification(ObjectNode message) {
                if (!message.get("method").asText().equals(ACK)) {
                    awaitLatch(reads);
                }
                super.notification(message);
            }
        };
        Answer broken = new Answer() {
            @Override
            public void notification(ObjectNode message) {
                if (!message.get("method").asText().equals(ACK)) {
                    throw new IllegalStateException("broken");
                }
                super.notification(message);
            }
        };
        handle(slow, message("1", ALL), new CallControl());
        handle(broken, message("2", ALL), new CallControl());
        Answer good = listen("3", ALL, new CallControl());
        for (int i = 0; i < 100; i++) {
            engine.replaceTools(TestServer.tools(gate));
            changed("t://a");
        }
        good.await(TOOLS, 1);
        good.await(UPDATED, 1);
        long start = System.nanoTime();
        engine.endSubscriptions();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(good.result()).isNotNull();
        reads.countDown();
        assertThat(slow.result()).isNotNull();
        // What came while it did not read, it is told once.
        assertThat(slow.notifications()).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void watcherThatFails_leavesTheSubscriptionAlone() {
        MCPEngine other = Wire.engine(gate)
                .resources(List.of(MCPResource.of("t://x", "x")
                        .reader((uri, variables, context) -> ResourceResult.text(uri))
                        .watcher((uri, caller, changed) -> {
                            throw new IllegalStateException("cannot watch");
                        })
                        .build()))
                .build();
        Answer answer = new Answer();
        other.handle(
                message("1", "{\"toolsListChanged\": true, \"resourceSubscriptions\": [\"t://x\"]}")
                        .getBytes(StandardCharsets.UTF_8),
                CallMetadata.none(),
                answer);
        other.replaceTools(TestServer.tools(gate));
        answer.await(TOOLS, 1);
        other.close();
        assertThat(answer.result()).isNotNull();
    }

    @Test
    void olderClient_subscribesOnItsConnectionUntilItGoes() {
        Answer pushed = new Answer();
        ClientConnection connection = MCPEngine.newConnection(pushed);
        for (String uri : List.of("t://a", "t://a", "t://b")) {
            assertThat(legacy("resources/subscribe", uri, connection).result()).isEmpty();
        }
        assertThat(watchers.values()).containsExactlyInAnyOrder("t://a", "t://b");
        changed("t://a");
        assertThat(pushed.await(UPDATED, 1).get(0).at("/params/uri").asText()).isEqualTo("t://a");
        assertThat(legacy("resources/unsubscribe", "t://a", connection).result())
                .isEmpty();
        assertThat(legacy("resources/unsubscribe", "t://never", connection).result())
                .isEmpty();
        assertThat(watchers.values()).containsExactly("t://b");
        connection.closed();
        assertThat(watchers).isEmpty();
        legacy("resources/subscribe", "t://late", connection);
        assertThat(watchers).isEmpty();
        assertThat(legacy("resources/subscribe", "u://unknown", connection).errorCode())
                .isEqualTo(RpcError.LEGACY_RESOURCE_NOT_FOUND);
    }

    @Test
    void olderClient_cannotSubscribeWithoutEnd() {
        ClientConnection connection = MCPEngine.newConnection(new Answer());
        for (int i = 0; i < 1_000; i++) {
            legacy("resources/subscribe", "t://" + i, connection).result();
        }
        assertThat(legacy("resources/subscribe", "t://more", connection).errorCode())
                .isEqualTo(RpcError.INVALID_PARAMS);
        assertThat(legacy("resources/subscribe", "t://5", connection).result()).isEmpty();
        connection.closed();
    }

    private void changed(String uri) {
        watchers.forEach((watcher, watchedUri) -> {
            if (watchedUri.equals(uri)) {
                watcher.run();
            }
        });
    }

    private Answer legacy(String method, String uri, ClientConnection connection) {
        return Answer.to(engine, Wire.legacy(method, "{\"uri\": \"" + uri + "\"}"), Wire.on(connection));
    }

    private Answer listen(String id, String notifications, CallControl control) {
        Answer answer = new Answer();
        handle(answer, message(id, notifications), control);
        return answer;
    }

    private void handle(Answer answer, String message, CallControl control) {
        engine.handle(message.getBytes(StandardCharsets.UTF_8), Wire.with(control), answer);
    }

    private static String message(String id, String notifications) {
        return Wire.modern(id, "subscriptions/listen", "\"notifications\": " + notifications, "{}");
    }

    private static MCPPrompt prompt() {
        return MCPPrompt.builder("p")
                .handler((arguments, context) -> PromptResult.user("x"))
                .build();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
