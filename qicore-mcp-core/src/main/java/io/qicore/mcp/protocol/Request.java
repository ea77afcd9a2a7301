package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that its revision has accepted: what the methods of every revision work on. */
record Request(JsonNode id, String method, ObjectNode params, Revision revision, CallMetadata metadata) {

    /** A required string parameter. */
    String text(String name) throws RpcException {
        JsonNode value = params.get(name);
        if (value == null || !value.isTextual()) {
            throw RpcException.invalidParams(method + " needs \"" + name + "\", a string.");
        }
        return value.textValue();
    }
}
