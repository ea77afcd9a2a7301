package io.qicore.mcp.internal.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The answer to a request that is not passed to the engine.
 *
 * @param status HTTP status
 * @param code JSON-RPC error code
 * @param message the reason, for the developer of the client
 * @param headers headers of the answer, such as the methods that are allowed
 */
public record Refusal(int status, int code, String message, Map<String, String> headers) {

    /** Creates the refusal of a request that is not a valid one. */
    Refusal(int status, String message, Map<String, String> headers) {
        this(status, RpcError.INVALID_REQUEST, message, headers);
    }

    /** Creates a refusal without headers. */
    public Refusal(int status, String message) {
        this(status, message, Map.of());
    }

    /** Returns the refusal of requests while the server is stopping. */
    static Refusal stopping() {
        return new Refusal(503, "The server is stopping.");
    }

    /** Returns the body, a JSON-RPC error without an id, because no message has been read. */
    public byte[] body() {
        ObjectNode error = Json.object().put("jsonrpc", "2.0");
        error.putObject("error").put("code", code).put("message", message);
        return error.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Answers a request with this refusal. */
    public void answer(Exchange exchange) {
        byte[] body = body();
        exchange.status(status);
        if (status == 503) {
            exchange.header("Retry-After", "1");
        }
        if (status == 503 || status == 408 || status == 413) {
            // The rest of the body is not read, or the server stops.
            exchange.header("Connection", "close");
        }
        headers.forEach(exchange::header);
        exchange.header("Content-Type", "application/json");
        exchange.header("Content-Length", Integer.toString(body.length));
        exchange.end(body, () -> {});
    }
}
