package io.qicore.mcp.client;

import org.jspecify.annotations.Nullable;

/** A call failed for a reason that is not the tool's: see the two kinds. A tool's own failures are {@code MCPToolError}s. */
public abstract sealed class MCPClientException extends RuntimeException
        permits MCPConnectionException, MCPProtocolException {

    private static final long serialVersionUID = 1;

    MCPClientException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
