package io.qicore.mcp.internal.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Why a request does not get to the engine.
 *
 * @param status HTTP status
 * @param message for the client's developer
 * @param allow the method that is served instead, for 405
 */
public record Refusal(int status, String message, @Nullable String allow) {

    /** Of any status but 405. */
    public Refusal(int status, String message) {
        this(status, message, null);
    }

    /** The server has begun to stop. */
    static Refusal stopping() {
        return new Refusal(503, "The server is stopping.");
    }

    /** A JSON-RPC error that belongs to no message, since none has been read. */
    public byte[] body() {
        ObjectNode error = Json.object().put("jsonrpc", "2.0");
        error.putObject("error").put("code", -32600).put("message", message);
        return error.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Answers with it. */
    public void answer(Exchange exchange) {
        byte[] body = body();
        exchange.status(status);
        if (allow != null) {
            exchange.header("Allow", allow);
        }
        if (status == 503) {
            exchange.header("Retry-After", "1");
        }
        exchange.header("Content-Type", "application/json");
        exchange.header("Content-Length", Integer.toString(body.length));
        exchange.end(body, () -> {});
    }
}
