package io.qicore.mcp.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.json.Numbers;
import io.qicore.mcp.internal.tool.ToolErrors;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPToolError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Calls the tools of an MCP server, over HTTP or in this JVM. Uses MCP 2026-07-28, which has no handshake and no
 * session, so any replica behind the address can answer any call.
 *
 * <pre>{@code
 * try (MCPClient kafka = MCPClient.http(URI.create("http://127.0.0.1:8081/mcp"))) {
 *     kafka.call("create_topic", Map.of("name", "prices", "partitions", 3));
 *     long lag = kafka.call("get_consumer_lag", Map.of("topic", "prices")).get("lag").asLong();
 * }
 * }</pre>
 *
 * <p>If a tool fails, the client throws the {@link MCPToolError} that the tool threw. For any other failure it throws
 * an {@link MCPClientException}. Thread-safe.
 */
public final class MCPClient implements AutoCloseable {

    /** The MCP revision that this client uses. */
    public static final String PROTOCOL_VERSION = "2026-07-28";

    /** The default timeout of a call: 30 seconds. See {@link #withTimeout}. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private static final String META = "io.modelcontextprotocol/";

    private final ClientTransport transport;
    private final Duration timeout;
    private final CallListener listener;
    private final AtomicLong lastRequestId;

    private MCPClient(ClientTransport transport, Duration timeout, CallListener listener, AtomicLong lastRequestId) {
        this.transport = transport;
        this.timeout = timeout;
        this.listener = listener;
        this.lastRequestId = lastRequestId;
    }

    /**
     * Returns a client of the server at an HTTP endpoint, such as {@code http://127.0.0.1:8081/mcp}. The client
     * connects on the first call.
     */
    public static MCPClient http(URI endpoint) {
        Objects.requireNonNull(endpoint, "endpoint");
        return of(new HttpClientTransport(endpoint));
    }

    /**
     * Returns a client of a server in this JVM. Calls use no sockets but otherwise take the same path through the
     * engine as calls over HTTP. The server must be initialized. Closing the client does not stop the server.
     */
    public static MCPClient inProcess(StatelessMCPServer server) {
        return inProcess(server, Caller.ANONYMOUS);
    }

    /**
     * Returns a client of a server in this JVM, as {@link #inProcess(StatelessMCPServer)} does, whose calls are those of the
     * given caller.
     */
    public static MCPClient inProcess(StatelessMCPServer server, Caller caller) {
        return of(new InProcessTransport(
                Objects.requireNonNull(server, "server"), Objects.requireNonNull(caller, "caller")));
    }

    private static MCPClient of(ClientTransport transport) {
        return new MCPClient(transport, DEFAULT_TIMEOUT, (tool, took, failure) -> {}, new AtomicLong());
    }

    /**
     * Returns a copy of this client with another timeout. Both share one connection, and closing either closes it.
     *
     * @param newTimeout how long a call waits for its response
     * @throws IllegalArgumentException if the timeout is not positive or longer than 24 hours
     */
    public MCPClient withTimeout(Duration newTimeout) {
        Timeouts.checked("The timeout of an MCPClient", newTimeout);
        return new MCPClient(transport, newTimeout, listener, lastRequestId);
    }

    /**
     * Returns a copy of this client that reports its tool calls to the given listener. Both share one connection, and
     * closing either closes it.
     */
    public MCPClient withListener(CallListener newListener) {
        return new MCPClient(transport, timeout, Objects.requireNonNull(newListener, "newListener"), lastRequestId);
    }

    /**
     * Calls a tool.
     *
     * @param tool the name of the tool
     * @param arguments the arguments: a map, a record or an {@link ObjectNode}
     * @return the structured result, or the text content as a JSON string if there is no structured result
     * @throws MCPToolError if the tool failed or rejected the arguments
     * @throws MCPProtocolException if the server answered with a JSON-RPC error, for example because the tool does not
     *     exist
     * @throws MCPConnectionException if no valid response arrived; it is unknown whether the tool ran
     * @throws IllegalArgumentException if the arguments cannot be written as a JSON object
     */
    public JsonNode call(String tool, Object arguments) {
        Objects.requireNonNull(tool, "tool");
        ObjectNode params = Json.object().put("name", tool);
        JsonNode json = Json.MAPPER.valueToTree(arguments);
        if (!json.isObject()) {
            throw new IllegalArgumentException(
                    "The arguments of " + tool + " must be a map, a record or an ObjectNode, not "
                            + arguments.getClass().getName() + ".");
        }
        params.set("arguments", json);
        long start = System.nanoTime();
        try {
            JsonNode value = value(tool, request("tools/call", params));
            listener.called(tool, Duration.ofNanos(System.nanoTime() - start), null);
            return value;
        } catch (MCPToolError | MCPClientException e) {
            listener.called(tool, Duration.ofNanos(System.nanoTime() - start), e);
            throw e;
        }
    }

    private static JsonNode value(String tool, JsonNode result) {
        if (result.path("isError").booleanValue()) {
            throw toolError(tool, result);
        }
        JsonNode structured = result.get("structuredContent");
        String number = structured == null ? null : Numbers.fault(structured);
        if (number != null) {
            throw new MCPConnectionException("In the result of " + tool + " " + number + ".", null);
        }
        return structured != null ? structured : Json.MAPPER.getNodeFactory().textNode(text(result));
    }

    /**
     * Calls a tool and reads its structured result as the given type. Throws the same exceptions as
     * {@link #call(String, Object)}.
     *
     * @param type the type of the result, usually a record
     * @throws IllegalArgumentException also if the result cannot be read as the type
     * @see #call(String, Object)
     */
    public <T> T call(String tool, Object arguments, Class<T> type) {
        Objects.requireNonNull(type, "type");
        JsonNode result = call(tool, arguments);
        try {
            return Json.readerFor(type).readValue(result);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "Cannot read the result of " + tool + " as " + type.getSimpleName() + ": " + e.getOriginalMessage(),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the tools that the server offers to this client, in the order of the server.
     *
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public List<ToolDescription> listTools() {
        List<ToolDescription> tools = new ArrayList<>();
        JsonNode cursor = null;
        do {
            ObjectNode params = Json.object();
            if (cursor != null) {
                params.set("cursor", cursor);
            }
            JsonNode page = request("tools/list", params);
            for (JsonNode tool : page.path("tools")) {
                tools.add(Json.MAPPER.convertValue(tool, ToolDescription.class));
            }
            JsonNode next = page.get("nextCursor");
            if (next != null && next.equals(cursor)) {
                throw new MCPConnectionException(
                        transport + " returns the same page of tools/list again and again.", null);
            }
            cursor = next;
        } while (cursor != null && !cursor.isNull());
        return List.copyOf(tools);
    }

    /**
     * Returns the server's description of itself.
     *
     * @throws MCPClientException if the server does not answer or answers with an error
     */
    public ServerDescription discover() {
        JsonNode result = request("server/discover", Json.object());
        JsonNode info = result.path("_meta").path(META + "serverInfo");
        List<String> versions = new ArrayList<>();
        result.path("supportedVersions").forEach(version -> versions.add(version.asText()));
        return new ServerDescription(
                info.path("name").asText(),
                info.path("version").asText(),
                List.copyOf(versions),
                result.path("capabilities") instanceof ObjectNode capabilities ? capabilities : Json.object(),
                result.path("instructions").textValue());
    }

    private JsonNode request(String method, ObjectNode params) {
        ObjectNode meta = params.putObject("_meta").put(META + "protocolVersion", PROTOCOL_VERSION);
        meta.putObject(META + "clientInfo").put("name", "qicore-mcp").put("version", version());
        meta.putObject(META + "clientCapabilities");
        ObjectNode request = Json.object()
                .put("jsonrpc", "2.0")
                .put("id", lastRequestId.incrementAndGet())
                .put("method", method);
        request.set("params", params);
        ServerAnswer answer;
        try {
            answer = transport.exchange(request, timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MCPConnectionException("Interrupted while waiting for " + transport + ".", e);
        }
        JsonNode response = answer.message();
        JsonNode error = response.path("error");
        if (error.path("code").isInt()) {
            throw new MCPProtocolException(
                    error.path("code").asInt(), error.path("message").asText(), error.get("data"), answer.http());
        }
        JsonNode result = response.path("result");
        if (!result.isObject() || !"complete".equals(result.path("resultType").asText("complete"))) {
            throw new MCPConnectionException(
                    transport + " answered " + method + " with a response that this client does not understand.", null);
        }
        return result;
    }

    private static MCPToolError toolError(String tool, JsonNode result) {
        return ToolErrors.fromJson(result.path("structuredContent"))
                .orElseGet(() -> new MCPToolError("TOOL_ERROR", text(result), Map.of("tool", tool)));
    }

    private static String text(JsonNode result) {
        StringBuilder text = new StringBuilder();
        result.path("content").forEach(block -> text.append(block.path("text").asText()));
        return text.toString();
    }

    private static String version() {
        @Nullable String version = MCPClient.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Closes the connection. Calls in flight fail with {@link MCPConnectionException}. */
    @Override
    public void close() {
        transport.close();
    }

    @Override
    public String toString() {
        return "MCPClient[" + transport + "]";
    }
}
