package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A JSON-RPC 2.0 request or notification with a valid envelope.
 *
 * @param id as received, so that it is echoed with its JSON type; null for a notification
 * @param method the method
 * @param params the parameters, empty if there were none
 */
public record Incoming(@Nullable JsonNode id, String method, ObjectNode params) {

    /** Parses a message. */
    public static JsonNode parse(byte[] message) throws RpcException {
        requireUtf8(message);
        JsonNode json;
        try {
            json = Json.read(message);
        } catch (JsonProcessingException e) {
            JsonLocation where = e.getLocation();
            throw where == null
                    ? RpcException.badRequest(RpcError.PARSE_ERROR, e.getOriginalMessage())
                    : unreadable(" at line " + where.getLineNr() + ", column " + where.getColumnNr());
        } catch (IOException e) {
            // The bytes are not text, since there is no other I/O here.
            throw unreadable("");
        }
        if (json.isMissingNode()) {
            throw RpcException.badRequest(RpcError.PARSE_ERROR, "The message is empty.");
        }
        return json;
    }

    /** Rejects invalid UTF-8. The parser accepts overlong forms, which a gateway may have read as another text. */
    private static void requireUtf8(byte[] message) throws RpcException {
        for (byte one : message) {
            if (one < 0) {
                try {
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message));
                    return;
                } catch (CharacterCodingException e) {
                    throw RpcException.badRequest(RpcError.PARSE_ERROR, "The message is not valid UTF-8.");
                }
            }
        }
    }

    public static Incoming of(JsonNode json) throws RpcException {
        if (json.isArray()) {
            throw invalid("Batches are not supported. Send one message at a time.");
        }
        if (!json.isObject()) {
            throw invalid("A message must be a JSON object.");
        }
        if (!"2.0".equals(json.path("jsonrpc").textValue())) {
            throw invalid("\"jsonrpc\" must be \"2.0\".");
        }
        JsonNode id = json.get("id");
        if (id != null && !isId(id)) {
            throw invalid("\"id\" must be a string or an integer.");
        }
        JsonNode method = json.get("method");
        if (method == null || !method.isTextual()) {
            throw invalid(
                    isResponse(json)
                            ? "This server does not send requests, so it does not accept responses."
                            : "\"method\" must be a string.");
        }
        JsonNode params = json.get("params");
        if (params == null) {
            params = Json.object();
        } else if (!params.isObject()) {
            throw invalid("\"params\" must be an object.");
        }
        return new Incoming(id, method.textValue(), (ObjectNode) params);
    }

    /**
     * Returns the id of a message with an invalid envelope, if the message has a valid id. Returns null for a
     * response, whose id names a request of the other side.
     */
    public static @Nullable JsonNode idOf(JsonNode json) {
        JsonNode id = isResponse(json) ? null : json.get("id");
        return id != null && isId(id) ? id : null;
    }

    public static boolean isResponse(JsonNode json) {
        return !json.has("method") && (json.has("result") || json.has("error"));
    }

    public boolean isNotification() {
        return id == null;
    }

    private static boolean isId(JsonNode id) {
        return id.isTextual() || id.isIntegralNumber();
    }

    private static RpcException unreadable(String where) {
        return RpcException.badRequest(RpcError.PARSE_ERROR, "Not valid JSON" + where + ".");
    }

    private static RpcException invalid(String message) {
        return RpcException.badRequest(RpcError.INVALID_REQUEST, message);
    }
}
