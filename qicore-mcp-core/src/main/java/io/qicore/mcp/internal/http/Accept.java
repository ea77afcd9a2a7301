package io.qicore.mcp.internal.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The content types that a client accepts. Clients must accept both; a client that does not say gets JSON.
 *
 * @param json whether the client accepts one JSON object
 * @param events whether the client accepts a stream of server-sent events
 */
record Accept(boolean json, boolean events) {

    /** Parses the header {@code Accept}; null if the request does not have it. */
    static Accept of(@Nullable String header) {
        if (header == null) {
            return new Accept(true, false);
        }
        String types = header.toLowerCase(Locale.ROOT);
        return new Accept(
                types.contains("*/*") || types.contains("application/json") || types.contains("application/*"),
                types.contains("text/event-stream") || types.contains("text/*"));
    }

    /** Returns whether the client accepts neither content type. */
    boolean nothing() {
        return !json && !events;
    }
}
