package io.qicore.mcp.server;

/**
 * A server could not be initialized or started. {@link #getCause()} says why: what {@code connect()} threw, an
 * {@link IllegalArgumentException} for tools that clash or settings that do not fit them, or what a transport threw, such as
 * an {@link java.io.IOException} for a port in use. The message is that of the cause.
 */
public final class ServerStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Wraps the reason. */
    public ServerStartException(String message, Throwable cause) {
        super(message, cause);
    }

    static ServerStartException of(Exception cause) {
        if (cause instanceof ServerStartException known) {
            return known;
        }
        return new ServerStartException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
}
