package io.qicore.mcp.client;

import org.jspecify.annotations.Nullable;

/**
 * A call failed outside the tool: either the connection failed ({@link MCPConnectionException}) or the server answered
 * with a JSON-RPC error ({@link MCPProtocolException}). If the tool itself fails, the client throws
 * {@code MCPToolError}.
 */
public abstract sealed class MCPClientException extends RuntimeException
        permits MCPConnectionException, MCPProtocolException {

    private static final long serialVersionUID = 1;

    MCPClientException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
