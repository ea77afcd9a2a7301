package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one request has besides its parameters.
 *
 * @param listener receives the notifications that belong to the request, one after the other and before the answer; null if they
 *     are dropped
 * @param progress whether the server is asked for progress
 * @param headers headers of the request itself, for channels with headers
 */
public record RequestOptions(@Nullable Consumer<JsonNode> listener, boolean progress, Map<String, String> headers) {

    /** Nothing. */
    public static final RequestOptions NONE = new RequestOptions(null, false, Map.of());

    /** Returns the options of a request with a listener of its progress. */
    public static RequestOptions progress(Consumer<JsonNode> listener) {
        return new RequestOptions(listener, true, Map.of());
    }

    /** Returns a copy with other headers. */
    public RequestOptions withHeaders(Map<String, String> other) {
        return new RequestOptions(listener, progress, other);
    }

    /** Returns the text without the headers, which may be secret. */
    @Override
    public String toString() {
        return "RequestOptions[" + progress + "]";
    }
}
