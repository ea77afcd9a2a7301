package io.qicore.mcp.protocol;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a transport knows about a message beside its text. Immutable.
 *
 * @param headers looks up a header by its case-insensitive name and answers null for a missing one; null for transports
 *     without headers. Where it is there, MCP 2026-07-28 demands that headers and message agree.
 * @param principal who sends, as the transport authenticated it; null without authentication
 * @param connection what the transport keeps for a connection with one client; null for transports like HTTP, where two
 *     messages have nothing to do with each other
 * @param control tells the engine of disconnects and cancellation while the call runs
 */
public record CallMetadata(
        @Nullable UnaryOperator<@Nullable String> headers,
        @Nullable String principal,
        @Nullable ClientConnection connection,
        CallControl control) {

    /** Of a message that arrived alone, without headers and without authentication. */
    public static CallMetadata none() {
        return new CallMetadata(null, null, null, new CallControl());
    }

    /** The value of a header, or null. */
    @Nullable
    String header(String name) {
        return headers == null ? null : headers.apply(name);
    }
}
