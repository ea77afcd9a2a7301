package io.qicore.mcp.client.error;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A call failed outside the tool: the connection failed ({@link MCPConnectionException}), the time ran out
 * ({@link MCPTimeoutException}), the server answered with a JSON-RPC error ({@link MCPProtocolException}), it wants credentials
 * that the client could not get ({@link MCPAuthorizationException}), or it asked for
 * something that this client cannot give ({@link MCPInputException}). If the tool itself fails, the client throws
 * {@code MCPToolError}.
 */
public abstract sealed class MCPClientException extends RuntimeException
        permits MCPConnectionException,
                MCPTimeoutException,
                MCPProtocolException,
                MCPInputException,
                MCPAuthorizationException {

    private static final long serialVersionUID = 1;

    private final @Nullable Integer httpStatus;
    private final @Nullable String challenge;
    private final @Nullable Duration retryAfter;

    MCPClientException(String message, @Nullable HttpAnswer answer, @Nullable Throwable cause) {
        super(message, cause);
        this.httpStatus = answer == null ? null : answer.status();
        this.challenge = answer == null ? null : answer.challenge();
        this.retryAfter = answer == null ? null : answer.retryAfter();
    }

    /**
     * Returns the HTTP status of the answer, such as 401 if the server needs other credentials; empty if there was no answer
     * or no HTTP.
     */
    public OptionalInt httpStatus() {
        return httpStatus == null ? OptionalInt.empty() : OptionalInt.of(httpStatus);
    }

    /**
     * Returns the value of {@code WWW-Authenticate}, by which the server says what credentials it needs; with commas if there
     * are several; empty if there is none.
     */
    public Optional<String> challenge() {
        return Optional.ofNullable(challenge);
    }

    /** Returns after what time the server wants to be asked again ({@code Retry-After}); empty if it did not say. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
