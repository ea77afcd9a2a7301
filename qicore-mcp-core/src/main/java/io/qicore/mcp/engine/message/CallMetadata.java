package io.qicore.mcp.engine.message;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a transport knows about a message in addition to its content. Immutable.
 *
 * @param headers returns the value of a header by its case-insensitive name, or null if it is missing; null for transports
 *     without headers. If a message has headers, MCP 2026-07-28 requires that they agree with the message.
 * @param principal the caller whom the transport has authenticated; null without authentication
 * @param connection the state of the connection with the client; null for transports such as HTTP, whose messages are
 *     independent of each other
 * @param control tells the engine of disconnects and cancellation while the call runs
 */
public record CallMetadata(
        @Nullable UnaryOperator<@Nullable String> headers,
        @Nullable String principal,
        @Nullable ClientConnection connection,
        CallControl control) {
    /** Requires what is not marked as nullable. */
    public CallMetadata {
        Objects.requireNonNull(control, "control");
    }

    /** Returns the metadata of a message without connection, headers and authentication. */
    public static CallMetadata none() {
        return of(new CallControl());
    }

    /**
     * Returns the metadata of a message without connection, headers and authentication.
     *
     * @param control tells the engine of disconnects and cancellation while the call runs
     */
    public static CallMetadata of(CallControl control) {
        Objects.requireNonNull(control, "control");
        return new CallMetadata(null, null, null, control);
    }

    /**
     * Returns a copy for a message with headers.
     *
     * @param lookup returns the value of a header by its case-insensitive name, or null if it is missing
     */
    public CallMetadata withHeaders(UnaryOperator<@Nullable String> lookup) {
        Objects.requireNonNull(lookup, "lookup");
        return new CallMetadata(lookup, principal, connection, control);
    }

    /** Returns a copy for a caller whom the transport has authenticated; null for a caller who is not authenticated. */
    public CallMetadata withPrincipal(@Nullable String caller) {
        return new CallMetadata(headers, caller, connection, control);
    }

    /** Returns a copy for a message on a connection that {@code MCPEngine.newConnection} has returned. */
    public CallMetadata withConnection(ClientConnection on) {
        Objects.requireNonNull(on, "on");
        return new CallMetadata(headers, principal, on, control);
    }

    /** Returns the value of a header; null if it is missing or the transport does not have headers. */
    public @Nullable String header(String name) {
        Objects.requireNonNull(name, "name");
        return headers == null ? null : headers.apply(name);
    }
}
