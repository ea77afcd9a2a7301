package io.qicore.mcp.auth;

import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.header.HeaderText;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a request is not served. Over HTTP it becomes a status and headers; over other transports, a JSON-RPC error.
 * Immutable and thread-safe.
 *
 * @param kind what the client can do about it
 * @param message the reason, for the developer of the client; it must not contain credentials
 * @param challenge the value of the header {@code WWW-Authenticate}; null if there is none
 * @param retryAfter when the client may try again, for {@link Kind#TOO_MANY_REQUESTS} and {@link Kind#BUSY}; otherwise null
 */
public record Denial(
        Kind kind,
        String message,
        @Nullable String challenge,
        @Nullable Duration retryAfter) implements Authentication {

    /** What a client can do about a denial. */
    public enum Kind {
        /** It needs credentials, or others: HTTP status 401. */
        UNAUTHENTICATED,
        /** It has proved who it is, but needs more rights: HTTP status 403. */
        FORBIDDEN,
        /** It has sent too many requests, and can go on later: HTTP status 429. */
        TOO_MANY_REQUESTS,
        /** It can send the same request again later: HTTP status 503. */
        BUSY
    }

    /**
     * Checks the texts.
     *
     * @throws IllegalArgumentException if the message is blank, the challenge is blank or cannot be the value of a header,
     *     {@link Kind#UNAUTHENTICATED} has no challenge, or the time of a retry is not positive or longer than 24 hours
     */
    public Denial {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
        if (message.isBlank()) {
            throw new IllegalArgumentException("A denial needs a message.");
        }
        if (challenge != null && (challenge.isBlank() || !HeaderText.isPlain(challenge))) {
            throw new IllegalArgumentException("A challenge must be visible ASCII.");
        }
        if (kind == Kind.UNAUTHENTICATED && challenge == null) {
            throw new IllegalArgumentException("A denial of this kind needs a challenge, such as Bearer.");
        }
        if (retryAfter != null) {
            Timeouts.checked("retryAfter", retryAfter);
        }
    }

    /**
     * Returns the denial of a request without valid credentials.
     *
     * @param message the reason, for the developer of the client
     * @param challenge the value of the header {@code WWW-Authenticate}, such as {@code Bearer realm="mcp"}
     */
    public static Denial unauthenticated(String message, String challenge) {
        return new Denial(Kind.UNAUTHENTICATED, message, Objects.requireNonNull(challenge, "challenge"), null);
    }

    /** Returns the denial of a request whose caller is not allowed to make it. */
    public static Denial forbidden(String message) {
        return new Denial(Kind.FORBIDDEN, message, null, null);
    }

    /**
     * Returns the denial of a request whose caller would be allowed to make it with other credentials.
     *
     * @param message the reason, for the developer of the client
     * @param challenge the value of the header {@code WWW-Authenticate}, such as
     *     {@code Bearer error="insufficient_scope", scope="write"}
     */
    public static Denial forbidden(String message, String challenge) {
        return new Denial(Kind.FORBIDDEN, message, Objects.requireNonNull(challenge, "challenge"), null);
    }

    /**
     * Returns the denial of a request whose caller has sent too many.
     *
     * @param message the reason, for the developer of the client
     * @param retryAfter when the client may go on; sent in seconds, rounded up
     * @throws IllegalArgumentException if the time is not positive or longer than 24 hours
     */
    public static Denial tooManyRequests(String message, Duration retryAfter) {
        return new Denial(Kind.TOO_MANY_REQUESTS, message, null, Objects.requireNonNull(retryAfter, "retryAfter"));
    }

    /**
     * Returns the denial of a request that the client may send again, for example because credentials cannot be checked at the
     * moment.
     *
     * @param message the reason, for the developer of the client
     * @param retryAfter when the client may try again; sent in seconds, rounded up
     * @throws IllegalArgumentException if the time is not positive or longer than 24 hours
     */
    public static Denial busy(String message, Duration retryAfter) {
        return new Denial(Kind.BUSY, message, null, Objects.requireNonNull(retryAfter, "retryAfter"));
    }
}
