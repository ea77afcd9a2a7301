package io.qicore.mcp.internal.engine.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.internal.engine.rpc.ClientProfile;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that its revision has accepted, in the form in which the methods of all revisions process it. */
public record Request(
        JsonNode id, String method, ObjectNode params, Revision revision, ClientProfile client, CallMetadata metadata) {

    private static final List<String> TRACE_KEYS = List.of("traceparent", "tracestate", "baggage");

    /** Returns a required string parameter. */
    public String text(String name) throws RpcException {
        JsonNode value = params.get(name);
        if (value == null || !value.isTextual()) {
            throw RpcException.invalidParams(method + " needs \"" + name + "\", a string.");
        }
        return value.textValue();
    }

    /** Returns an object parameter, which is empty if it is absent. */
    public ObjectNode object(String name) throws RpcException {
        JsonNode value = params.get(name);
        if (value == null || value.isNull()) {
            return Json.object();
        }
        if (!value.isObject()) {
            throw RpcException.invalidParams("\"" + name + "\" of " + method + " must be an object.");
        }
        return (ObjectNode) value;
    }

    /** Returns a member of {@code _meta}, or null. */
    @Nullable
    public JsonNode meta(String name) {
        return params.path("_meta").get(name);
    }

    /** Returns the members of the W3C trace context that the request has. */
    Map<String, String> traceContext() {
        Map<String, String> trace = new LinkedHashMap<>();
        for (String key : TRACE_KEYS) {
            JsonNode value = meta(key);
            if (value != null && value.isTextual()) {
                trace.put(key, value.textValue());
            }
        }
        return trace;
    }
}
