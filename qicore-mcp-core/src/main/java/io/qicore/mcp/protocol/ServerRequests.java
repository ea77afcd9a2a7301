package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Requests to clients of older revisions that wait for a response. One lives only as long as the call that it belongs
 * to; its id cannot be guessed. Thread-safe.
 */
final class ServerRequests {

    private final Map<String, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();

    /** Sends a request on the stream of a call; the result comes later, or never if the call ends first. */
    CompletableFuture<JsonNode> send(Call call, String method, ObjectNode params) {
        String id = UUID.randomUUID().toString();
        CompletableFuture<JsonNode> result = new CompletableFuture<>();
        pending.put(id, result);
        call.onEnd(() -> pending.remove(id));
        ObjectNode message = Json.object().put("jsonrpc", "2.0").put("id", id).put("method", method);
        message.set("params", params);
        call.send(message);
        return result;
    }

    /** Takes a response. One that nobody waits for is dropped: its call has ended, or is another replica's. */
    void receive(JsonNode response) {
        CompletableFuture<JsonNode> waiting = pending.remove(response.path("id").asText());
        if (waiting != null) {
            waiting.complete(response.has("result") ? response.get("result") : Json.object());
        }
    }
}
