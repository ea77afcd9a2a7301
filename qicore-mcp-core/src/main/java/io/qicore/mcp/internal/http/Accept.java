package io.qicore.mcp.internal.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The forms of answer that a client takes. Clients must take both; one that says nothing is given JSON.
 *
 * @param json one JSON object
 * @param events a stream of server-sent events
 */
record Accept(boolean json, boolean events) {

    static Accept of(@Nullable String header) {
        if (header == null) {
            return new Accept(true, false);
        }
        String types = header.toLowerCase(Locale.ROOT);
        return new Accept(
                types.contains("*/*") || types.contains("application/json") || types.contains("application/*"),
                types.contains("text/event-stream") || types.contains("text/*"));
    }

    boolean nothing() {
        return !json && !events;
    }
}
