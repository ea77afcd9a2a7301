package io.qicore.mcp.client.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * No valid response arrived: the server is unreachable, has ended, is not an MCP server, or answered with something that is
 * not a response. It is unknown whether the tool ran.
 */
public final class MCPConnectionException extends MCPClientException {

    private static final long serialVersionUID = 1;

    /** Creates the exception without an HTTP answer. */
    public MCPConnectionException(String message, @Nullable Throwable cause) {
        this(message, null, cause);
    }

    /** Creates the exception with the HTTP answer that is not one of an MCP server. */
    public MCPConnectionException(String message, @Nullable HttpAnswer answer, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), answer, cause);
    }
}
