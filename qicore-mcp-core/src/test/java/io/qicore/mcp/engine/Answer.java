package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** What the engine answers to one message. */
public class Answer implements ReplySink {

    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final List<JsonNode> notifications = new CopyOnWriteArrayList<>();
    private final AtomicInteger ends = new AtomicInteger();
    private volatile boolean cancelled;

    /** Sends a message without headers and waits until the engine has returned. */
    public static Answer to(MCPEngine engine, String message) {
        return to(engine, message, CallMetadata.none());
    }

    public static Answer to(MCPEngine engine, String message, CallMetadata metadata) {
        Answer answer = new Answer();
        engine.handle(message.getBytes(StandardCharsets.UTF_8), metadata, answer);
        return answer;
    }

    /** Sends a message from another thread. */
    public static Answer later(MCPEngine engine, String message, CallMetadata metadata) {
        Answer answer = new Answer();
        Thread thread = new Thread(
                () -> engine.handle(message.getBytes(StandardCharsets.UTF_8), metadata, answer), "test-call");
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    @Override
    public void notification(ObjectNode message) {
        assertThat(isThere()).as("%s after the answer", message).isFalse();
        notifications.add(message.deepCopy());
    }

    /** What has come before the reply so far, in order: notifications, and requests to the client. */
    public List<JsonNode> notifications() {
        return List.copyOf(notifications);
    }

    /** The same as soon as there are so many. */
    public List<JsonNode> notifications(int atLeast) {
        Awaitility.await().atMost(Gate.PATIENCE).until(() -> notifications.size() >= atLeast);
        return notifications();
    }

    /** The notifications of one method, once there are so many. */
    public List<JsonNode> await(String method, int count) {
        Awaitility.await().atMost(Gate.PATIENCE).until(() -> of(method).size() >= count);
        return of(method);
    }

    private List<JsonNode> of(String method) {
        return notifications.stream()
                .filter(message -> message.path("method").asText().equals(method))
                .toList();
    }

    @Override
    public void reply(Reply given) {
        assertThat(ends.incrementAndGet()).as("number of answers").isEqualTo(1);
        reply.complete(given);
    }

    @Override
    public void cancelled() {
        assertThat(ends.incrementAndGet()).as("number of answers").isEqualTo(1);
        cancelled = true;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    public boolean isThere() {
        return ends.get() > 0;
    }

    public Reply get() {
        try {
            return reply.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError("No answer", e);
        }
    }

    public Reply.Kind kind() {
        return get().kind();
    }

    /** The message as it is on the wire. */
    public JsonNode json() {
        try {
            return Json.MAPPER.readTree(get().toBytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public JsonNode result() {
        assertThat(json().has("error")).as("error in %s", json()).isFalse();
        return json().get("result");
    }

    @Nullable
    public JsonNode id() {
        return json().get("id");
    }

    public int errorCode() {
        assertThat(json().at("/error/code").isInt()).as("error in %s", json()).isTrue();
        assertThat(json().get("jsonrpc").asText()).isEqualTo("2.0");
        assertThat(json().at("/error/message").asText()).isNotBlank();
        return json().at("/error/code").asInt();
    }

    public String errorMessage() {
        return json().at("/error/message").asText();
    }

    public void isBadRequest(int code) {
        assertThat(errorCode()).isEqualTo(code);
        assertThat(kind()).isEqualTo(Reply.Kind.BAD_REQUEST);
    }
}
