package io.qicore.mcp.transport.stdio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.transport.TransportContract;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The client's end of a pair of streams: writes lines, hands answers to those who wait for them. */
final class PipedClient implements TransportContract.Caller {

    private final OutputStream out;
    private final InputStream in;
    private final AtomicInteger ids = new AtomicInteger(1000);
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

    /** Answers that nobody waits for, in their order. */
    final LinkedBlockingQueue<JsonNode> others = new LinkedBlockingQueue<>();

    PipedClient(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
        Thread reader = new Thread(this::read, "test-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode message = Json.MAPPER.readTree(line);
                CompletableFuture<JsonNode> caller =
                        waiting.remove(message.path("id").asInt());
                if (caller == null) {
                    others.add(message);
                } else {
                    caller.complete(message);
                }
            }
        } catch (IOException e) {
            // The other end has gone.
        } finally {
            waiting.values().forEach(caller -> caller.completeExceptionally(new IOException("End of stream")));
        }
    }

    void send(String text) throws IOException {
        synchronized (out) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    JsonNode next() throws InterruptedException {
        JsonNode answer = others.poll(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (answer == null) {
            throw new AssertionError("No answer");
        }
        return answer;
    }

    private JsonNode request(String method, ObjectNode params) throws Exception {
        int id = ids.incrementAndGet();
        ObjectNode meta = params.putObject("_meta").put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        meta.putObject("io.modelcontextprotocol/clientCapabilities");
        ObjectNode message = Json.object().put("jsonrpc", "2.0").put("id", id).put("method", method);
        message.set("params", params);
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        send(Json.MAPPER.writeValueAsString(message) + "\n");
        JsonNode response = answer.get(Gate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (response.has("error")) {
            throw new IOException(response.get("error").toString());
        }
        return response.get("result");
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

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            // Closed already.
        }
        waiting.values().forEach(caller -> caller.completeExceptionally(new IOException("closed")));
    }
}
