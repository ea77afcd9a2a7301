package io.qicore.mcp.internal.client.channel;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.error.HttpAnswer;
import org.jspecify.annotations.Nullable;

/**
 * A message of a server.
 *
 * @param message the JSON-RPC message, or whatever JSON the server has sent
 * @param request the id of the request in whose answer it came; null if the channel does not know
 * @param http the HTTP answer that carried it; null for other channels
 * @param session the session that the answer named, or null
 */
public record Arrival(
        JsonNode message,
        @Nullable Long request,
        @Nullable HttpAnswer http,
        @Nullable String session) {

    /** Returns a message without an HTTP answer. */
    public static Arrival of(JsonNode message, @Nullable Long request) {
        return new Arrival(message, request, null, null);
    }

    /** Returns the text without the session and the contents, which may be secret. */
    @Override
    public String toString() {
        return "Arrival[" + request + "]";
    }
}
