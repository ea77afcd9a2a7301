package io.qicore.mcp.engine.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.internal.header.HeaderText;
import io.qicore.mcp.internal.json.Json;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer of the engine to one message. A transport with status codes, such as HTTP, chooses the code by the kind; other
 * transports send the message and ignore the kind. Immutable as long as the message is not changed.
 *
 * @param kind the outcome
 * @param message the JSON-RPC response, or an array of responses for a batch; null only for {@link Kind#ACCEPTED}
 * @param headers headers that a transport with headers sends with the message, such as {@code WWW-Authenticate}; usually empty
 */
public record Reply(Kind kind, @Nullable JsonNode message, Map<String, String> headers) {

    /** The header with the challenge of {@link Kind#UNAUTHENTICATED} and {@link Kind#FORBIDDEN}. */
    public static final String CHALLENGE = "WWW-Authenticate";

    /** The header with the session of a client of an older revision. */
    public static final String SESSION = "Mcp-Session-Id";

    /** The header with the seconds after which a client may try again. */
    public static final String RETRY_AFTER = "Retry-After";

    /** The outcomes, with the HTTP status that MCP 2026-07-28 requires for each. */
    public enum Kind {
        /** A result, which may report that a tool has failed: 200. */
        RESULT,
        /** A JSON-RPC error that does not have an HTTP status of its own: 200. */
        ERROR,
        /** A notification or response was accepted, which is not answered with a message: 202. */
        ACCEPTED,
        /** The message, its metadata or its headers are wrong: 400. */
        BAD_REQUEST,
        /** The request does not have valid credentials; the headers have a challenge: 401. */
        UNAUTHENTICATED,
        /** The caller is not allowed to do this; the headers may have a challenge: 403. */
        FORBIDDEN,
        /** The server does not have the method, or the caller does not have the session: 404. */
        NOT_FOUND,
        /** The caller has sent too many requests; the headers say when it can go on: 429. */
        TOO_MANY_REQUESTS,
        /** Too many calls are in flight; the client can try again shortly: 503. */
        BUSY
    }

    /** The reply to a notification or response that was accepted; it does not have a message. */
    public static final Reply ACCEPTED = new Reply(Kind.ACCEPTED, null);

    /** Creates a reply without headers. */
    public Reply(Kind kind, @Nullable JsonNode message) {
        this(kind, message, Map.of());
    }

    /**
     * Checks the message and the headers.
     *
     * @throws IllegalArgumentException if {@link Kind#ACCEPTED} has a message, another kind does not have one, or the value of a
     *     header is not visible ASCII
     */
    public Reply {
        Objects.requireNonNull(kind, "kind");
        headers = Map.copyOf(Objects.requireNonNull(headers, "headers"));
        headers.forEach((name, value) -> {
            if (!HeaderText.isPlain(value)) {
                throw new IllegalArgumentException("The header " + name + " must be visible ASCII.");
            }
        });
        if ((message == null) != (kind == Kind.ACCEPTED)) {
            throw new IllegalArgumentException(
                    kind + (message == null ? " needs a message." : " must not have a message."));
        }
    }

    /**
     * Returns the message as JSON in UTF-8, without line breaks.
     *
     * @throws NullPointerException for {@link Kind#ACCEPTED}
     */
    public byte[] toBytes() {
        return Json.bytes(Objects.requireNonNull(message, "ACCEPTED does not have a message"));
    }
}
