package io.qicore.mcp.internal.client.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message to a server.
 *
 * @param message the JSON-RPC message
 * @param headers the headers that a channel with headers sends with it
 * @param hasSession whether the revision has a handshake, so that a stream can be resumed and the server can send requests
 */
public record Outgoing(ObjectNode message, Map<String, String> headers, boolean hasSession) {

    /** Returns the id if the message is a request, otherwise null. */
    public @Nullable Long requestId() {
        JsonNode id = message.get("id");
        return id != null && message.has("method") ? (Long) id.longValue() : null;
    }

    /** Returns the text without headers and parameters, which may be secret. */
    @Override
    public String toString() {
        return "Outgoing[" + requestId() + "]";
    }
}
