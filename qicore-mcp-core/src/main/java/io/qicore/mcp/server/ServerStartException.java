package io.qicore.mcp.server;

import java.util.Objects;

/**
 * Thrown if a server cannot be initialized or started. {@link #getCause()} is the reason: the exception of
 * {@code connect()} or of a transport, such as an {@link java.io.IOException} for a port in use, or an
 * {@link IllegalArgumentException} for two tools with the same name or for settings of a tool that the server does not have.
 * The message is that of the cause.
 */
public final class ServerStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception with the reason as its cause. */
    public ServerStartException(String message, Throwable cause) {
        super(Objects.requireNonNull(message, "message"), Objects.requireNonNull(cause, "cause"));
    }

    /** Returns the exception for a cause, which is returned itself if it is one already. */
    static ServerStartException of(Exception cause) {
        if (cause instanceof ServerStartException known) {
            return known;
        }
        return new ServerStartException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
}
