package io.qicore.mcp.transport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A client on one connection: sends messages, hands answers to those who wait for them. */
public abstract class MessageClient implements TransportContract.Caller {

    private final AtomicInteger ids = new AtomicInteger(1000);
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

    /** Messages that nobody waits for, in their order. */
    public final LinkedBlockingQueue<JsonNode> others = new LinkedBlockingQueue<>();

    /** Sends one message, which has no line break in it. */
    protected abstract void write(String message) throws Exception;

    /** Takes a message from the server. */
    protected void received(String text) throws IOException {
        JsonNode message = Json.MAPPER.readTree(text);
        CompletableFuture<JsonNode> caller = waiting.remove(message.path("id").asInt());
        if (caller == null) {
            others.add(message);
        } else {
            caller.complete(message);
        }
    }

    /** Nothing will be received any more. */
    protected void ended() {
        waiting.values().forEach(caller -> caller.completeExceptionally(new IOException("End of stream")));
    }

    public JsonNode next() throws InterruptedException {
        JsonNode answer = others.poll(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (answer == null) {
            throw new AssertionError("No answer");
        }
        return answer;
    }

    /** The result of a request in the form of any revision. */
    public JsonNode exchange(String method, ObjectNode params) throws Exception {
        int id = ids.incrementAndGet();
        ObjectNode message = Json.object().put("jsonrpc", "2.0").put("id", id).put("method", method);
        message.set("params", params);
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        write(Json.MAPPER.writeValueAsString(message));
        JsonNode response = answer.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (response.has("error")) {
            throw new IOException(response.get("error").toString());
        }
        return response.get("result");
    }

    private JsonNode request(String method, ObjectNode params) throws Exception {
        ObjectNode meta = params.putObject("_meta").put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        meta.putObject("io.modelcontextprotocol/clientCapabilities");
        return exchange(method, params);
    }

    @Override
    public JsonNode call(String tool, Map<String, ?> arguments) throws Exception {
        ObjectNode params = Json.object().put("name", tool);
        params.set("arguments", Json.MAPPER.valueToTree(arguments));
        JsonNode result = request("tools/call", params);
        JsonNode value = result.get("structuredContent");
        if (result.path("isError").asBoolean()) {
            @SuppressWarnings("unchecked")
            Map<String, Object> context = Json.MAPPER.convertValue(value.get("context"), Map.class);
            throw new MCPToolError(
                    value.get("code").asText(),
                    value.get("message").asText(),
                    context,
                    value.get("retryable").asBoolean(),
                    null);
        }
        return value;
    }

    @Override
    public List<String> tools() throws Exception {
        List<String> names = new ArrayList<>();
        request("tools/list", Json.object())
                .get("tools")
                .forEach(tool -> names.add(tool.get("name").asText()));
        return names;
    }

    @Override
    public List<String> versions() throws Exception {
        List<String> versions = new ArrayList<>();
        request("server/discover", Json.object())
                .get("supportedVersions")
                .forEach(version -> versions.add(version.asText()));
        return versions;
    }
}
