package io.qicore.mcp.client;

import org.jspecify.annotations.Nullable;

/**
 * No valid response arrived: the server is unreachable, did not answer in time, or is not an MCP server. It is unknown
 * whether the tool ran.
 */
public final class MCPConnectionException extends MCPClientException {

    private static final long serialVersionUID = 1;

    MCPConnectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
