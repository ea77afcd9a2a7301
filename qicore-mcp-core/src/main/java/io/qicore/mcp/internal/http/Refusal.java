package io.qicore.mcp.internal.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that is not passed to the engine.
 *
 * @param status HTTP status
 * @param message the reason, for the developer of the client
 * @param allow the method that is allowed, for status 405; otherwise null
 */
public record Refusal(int status, String message, @Nullable String allow) {

    /** Creates a refusal with a status other than 405. */
    public Refusal(int status, String message) {
        this(status, message, null);
    }

    /** Returns the refusal of requests while the server is stopping. */
    static Refusal stopping() {
        return new Refusal(503, "The server is stopping.");
    }

    /** Returns the body, a JSON-RPC error without an id, because no message has been read. */
    public byte[] body() {
        ObjectNode error = Json.object().put("jsonrpc", "2.0");
        error.putObject("error").put("code", -32600).put("message", message);
        return error.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Answers a request with this refusal. */
    public void answer(Exchange exchange) {
        byte[] body = body();
        exchange.status(status);
        if (allow != null) {
            exchange.header("Allow", allow);
        }
        if (status == 503) {
            exchange.header("Retry-After", "1");
        }
        if (status == 503 || status == 408 || status == 413) {
            // The rest of the body is not read, or the server stops.
            exchange.header("Connection", "close");
        }
        exchange.header("Content-Type", "application/json");
        exchange.header("Content-Length", Integer.toString(body.length));
        exchange.end(body, () -> {});
    }
}
