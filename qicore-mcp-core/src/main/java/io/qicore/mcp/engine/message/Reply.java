package io.qicore.mcp.engine.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.internal.json.Json;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the engine answers to one message. The kind is what a transport with a status of its own, such as HTTP, needs to
 * choose it; other transports send the message and ignore the kind. Immutable as long as nobody changes the message.
 *
 * @param kind the outcome
 * @param message the JSON-RPC response, or an array of them for a batch; null for {@link Kind#ACCEPTED} only
 * @param sessionId what HTTP sends as {@code Mcp-Session-Id}, to clients of older revisions that need one; usually null
 */
public record Reply(
        Kind kind, @Nullable JsonNode message, @Nullable String sessionId) {

    /** Outcomes, with the status that MCP 2026-07-28 wants for them on HTTP. */
    public enum Kind {
        /** A result, also one that reports a failure inside a tool: 200. */
        RESULT,
        /** A JSON-RPC error that says nothing about the transport: 200. */
        ERROR,
        /** A notification was taken; there is no message: 202. */
        ACCEPTED,
        /** The message, its metadata or its headers are wrong: 400. */
        BAD_REQUEST,
        /** The method is not served here: 404. */
        METHOD_NOT_FOUND,
        /** Too many calls are in flight; try again shortly: 503. */
        BUSY
    }

    /** A notification was taken; there is no message. */
    public static final Reply ACCEPTED = new Reply(Kind.ACCEPTED, null, null);

    /** Checks that a message is there exactly when the kind has one. */
    public Reply {
        if ((message == null) != (kind == Kind.ACCEPTED)) {
            throw new IllegalArgumentException(kind + (message == null ? " needs a message" : " has no message"));
        }
    }

    /**
     * The message as UTF-8 JSON without line breaks.
     *
     * @throws NullPointerException for {@link Kind#ACCEPTED}
     */
    public byte[] toBytes() {
        try {
            return Json.MAPPER.writeValueAsBytes(Objects.requireNonNull(message, "ACCEPTED has no message"));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
