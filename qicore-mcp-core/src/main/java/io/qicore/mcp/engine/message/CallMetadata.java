package io.qicore.mcp.engine.message;

import io.qicore.mcp.auth.Caller;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a transport knows about a message in addition to its content. Immutable.
 *
 * <pre>{@code
 * CallMetadata metadata = CallMetadata.of(control).withCaller(Caller.of("alice"));
 * }</pre>
 */
public final class CallMetadata {

    private final @Nullable UnaryOperator<@Nullable String> headers;
    private final Caller caller;
    private final @Nullable ClientConnection connection;
    private final CallControl control;

    private CallMetadata(
            @Nullable UnaryOperator<@Nullable String> headers,
            Caller caller,
            @Nullable ClientConnection connection,
            CallControl control) {
        this.headers = headers;
        this.caller = caller;
        this.connection = connection;
        this.control = control;
    }

    /** Returns the metadata of a message without connection and headers, of an anonymous caller. */
    public static CallMetadata none() {
        return of(new CallControl());
    }

    /**
     * Returns the metadata of a message without connection and headers, of an anonymous caller.
     *
     * @param control tells the engine of disconnects and cancellation while the call runs
     */
    public static CallMetadata of(CallControl control) {
        return new CallMetadata(null, Caller.ANONYMOUS, null, Objects.requireNonNull(control, "control"));
    }

    /**
     * Returns a copy for a message with headers. MCP 2026-07-28 requires that they agree with the message.
     *
     * @param lookup returns the value of a header by its case-insensitive name, or null if it is missing
     */
    public CallMetadata withHeaders(UnaryOperator<@Nullable String> lookup) {
        return new CallMetadata(Objects.requireNonNull(lookup, "lookup"), caller, connection, control);
    }

    /** Returns a copy for a message of a caller whom the transport has authenticated. */
    public CallMetadata withCaller(Caller authenticated) {
        return new CallMetadata(headers, Objects.requireNonNull(authenticated, "authenticated"), connection, control);
    }

    /** Returns a copy for a message on a connection that {@code MCPEngine.newConnection} has returned. */
    public CallMetadata withConnection(ClientConnection on) {
        return new CallMetadata(headers, caller, Objects.requireNonNull(on, "on"), control);
    }

    /** Returns whether the transport has headers. */
    public boolean hasHeaders() {
        return headers != null;
    }

    /** Returns the value of a header; null if it is missing or the transport does not have headers. */
    public @Nullable String header(String name) {
        Objects.requireNonNull(name, "name");
        return headers == null ? null : headers.apply(name);
    }

    /** Returns who has sent the message. */
    public Caller caller() {
        return caller;
    }

    /** Returns the {@linkplain Caller#identity() identity} of the caller, to which what it starts belongs; null if anonymous. */
    public @Nullable String principal() {
        return caller.identity();
    }

    /**
     * Returns the state of the connection with the client; null for transports such as HTTP, whose messages are independent of
     * each other.
     */
    public @Nullable ClientConnection connection() {
        return connection;
    }

    /** Returns what tells the engine of disconnects and cancellation while the call runs. */
    public CallControl control() {
        return control;
    }
}
