package io.qicore.mcp.internal.engine.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.internal.json.Json;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Requests to clients of older revisions that wait for a response. A request lives as long as the call that it
 * belongs to, and its id cannot be guessed. Thread-safe.
 */
public final class ServerRequests {

    private final Map<String, Pending> pending = new ConcurrentHashMap<>();

    /** The client answered a request with an error. */
    static final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private RefusedException(String message) {
            // The peer has decided this, so the stack trace is not useful.
            super(message, null, false, false);
        }
    }

    /** A request that waits for its response. */
    private record Pending(Call call, String method, CompletableFuture<JsonNode> result) {

        /** Returns whether a message comes from the client that was asked. */
        boolean isFor(CallMetadata answer) {
            CallMetadata question = call.request().metadata();
            return question.caller().isSameAs(answer.caller()) && question.connection() == answer.connection();
        }
    }

    /**
     * Sends a request on the stream of a call.
     *
     * @return completes with the result or fails with {@link RefusedException}; never completes if the call ends first
     */
    public CompletableFuture<JsonNode> send(Call call, String method, ObjectNode params) {
        String id = UUID.randomUUID().toString();
        CompletableFuture<JsonNode> result = new CompletableFuture<>();
        pending.put(id, new Pending(call, method, result));
        call.onEnd(() -> pending.remove(id));
        ObjectNode message = Json.object().put("jsonrpc", "2.0").put("id", id).put("method", method);
        message.set("params", params);
        call.send(message);
        return result;
    }

    /**
     * Takes a response. Drops it if no request waits for it, because its call has ended or belongs to another replica, and if it
     * comes from another caller or on another connection than the call.
     */
    public void receive(JsonNode response, CallMetadata metadata) {
        String id = response.path("id").asText();
        Pending waiting = pending.get(id);
        if (waiting == null || !waiting.isFor(metadata) || !pending.remove(id, waiting)) {
            return;
        }
        if (response.has("result")) {
            waiting.result().complete(response.get("result"));
        } else {
            waiting.result()
                    .completeExceptionally(new RefusedException("the client answered " + waiting.method()
                            + " with the error " + response.at("/error/code") + ", "
                            + response.at("/error/message").asText()));
        }
    }
}
