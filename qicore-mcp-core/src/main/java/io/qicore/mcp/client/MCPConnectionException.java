package io.qicore.mcp.client;

import org.jspecify.annotations.Nullable;

/**
 * No answer: the server cannot be reached, did not answer in time, or what answers is no MCP server. Whether a tool ran
 * is unknown.
 */
public final class MCPConnectionException extends MCPClientException {

    private static final long serialVersionUID = 1;

    MCPConnectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
