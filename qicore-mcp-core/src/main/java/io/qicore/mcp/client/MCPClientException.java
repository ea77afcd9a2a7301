package io.qicore.mcp.client;

import io.qicore.mcp.client.ServerAnswer.HttpAnswer;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A call failed outside the tool: either the connection failed ({@link MCPConnectionException}) or the server answered
 * with a JSON-RPC error ({@link MCPProtocolException}). If the tool itself fails, the client throws
 * {@code MCPToolError}.
 */
public abstract sealed class MCPClientException extends RuntimeException
        permits MCPConnectionException, MCPProtocolException {

    private static final long serialVersionUID = 1;

    private final @Nullable Integer httpStatus;
    private final @Nullable String challenge;

    MCPClientException(String message, @Nullable HttpAnswer answer, @Nullable Throwable cause) {
        super(message, cause);
        this.httpStatus = answer == null ? null : answer.status();
        this.challenge = answer == null ? null : answer.challenge();
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
}
