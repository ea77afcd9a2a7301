package io.qicore.mcp.engine.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.internal.json.Json;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer of the engine to one message. A transport with status codes, such as HTTP, chooses the code by the kind; other
 * transports send the message and ignore the kind. Immutable as long as the message is not changed.
 *
 * @param kind the outcome
 * @param message the JSON-RPC response, or an array of responses for a batch; null only for {@link Kind#ACCEPTED}
 * @param sessionId value of the HTTP header {@code Mcp-Session-Id}, for clients of older revisions that need it; usually
 *     null
 */
public record Reply(
        Kind kind, @Nullable JsonNode message, @Nullable String sessionId) {

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
        /** The server does not have the method: 404. */
        METHOD_NOT_FOUND,
        /** Too many calls are in flight; the client can try again shortly: 503. */
        BUSY
    }

    /** The reply to a notification or response that was accepted; it does not have a message. */
    public static final Reply ACCEPTED = new Reply(Kind.ACCEPTED, null, null);

    /**
     * Checks the message.
     *
     * @throws IllegalArgumentException if {@link Kind#ACCEPTED} has a message or another kind does not have one
     */
    public Reply {
        Objects.requireNonNull(kind, "kind");
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
        try {
            return Json.MAPPER.writeValueAsBytes(Objects.requireNonNull(message, "ACCEPTED does not have a message"));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
