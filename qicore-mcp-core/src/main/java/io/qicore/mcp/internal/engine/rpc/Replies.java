package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Creates JSON-RPC responses. */
public final class Replies {

    private Replies() {}

    public static Reply result(JsonNode id, ObjectNode result, Map<String, String> headers) {
        ObjectNode message = Json.object().put("jsonrpc", "2.0");
        message.set("id", id);
        message.set("result", result);
        return new Reply(Reply.Kind.RESULT, message, headers);
    }

    public static ObjectNode notification(String method, ObjectNode params) {
        ObjectNode message = Json.object().put("jsonrpc", "2.0").put("method", method);
        message.set("params", params);
        return message;
    }

    /** Returns the response to a request that cannot be served. It has no id if the id of the request could not be read. */
    public static Reply error(@Nullable JsonNode id, RpcException e) {
        return new Reply(e.kind(), error(id, e.kind(), e.error()).message(), e.headers());
    }

    /** Returns an error response. It has no id if the id of the request could not be read. */
    public static Reply error(@Nullable JsonNode id, Reply.Kind kind, RpcError error) {
        ObjectNode message = Json.object().put("jsonrpc", "2.0");
        if (id != null) {
            message.set("id", id);
        }
        ObjectNode body = message.putObject("error").put("code", error.code()).put("message", error.message());
        if (error.data() != null) {
            body.set("data", error.data());
        }
        return new Reply(kind, message);
    }
}
