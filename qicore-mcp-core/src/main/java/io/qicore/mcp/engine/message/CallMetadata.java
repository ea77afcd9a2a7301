package io.qicore.mcp.engine.message;

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
        return of(new CallControl());
    }

    /**
     * Of a message that arrived alone, without headers and without authentication.
     *
     * @param control tells the engine what becomes of the call
     */
    public static CallMetadata of(CallControl control) {
        return new CallMetadata(null, null, null, control);
    }

    /**
     * The same for a message that came with headers.
     *
     * @param lookup finds a header by its case-insensitive name and answers null for a missing one
     */
    public CallMetadata withHeaders(UnaryOperator<@Nullable String> lookup) {
        return new CallMetadata(lookup, principal, connection, control);
    }

    /** The same for a caller whom the transport has authenticated; null for nobody. */
    public CallMetadata withPrincipal(@Nullable String caller) {
        return new CallMetadata(headers, caller, connection, control);
    }

    /** The same for a message on a connection that {@code MCPEngine.newConnection} has made. */
    public CallMetadata withConnection(ClientConnection on) {
        return new CallMetadata(headers, principal, on, control);
    }

    /** The value of a header; null if it is missing, or if the transport has none. */
    public @Nullable String header(String name) {
        return headers == null ? null : headers.apply(name);
    }
}
