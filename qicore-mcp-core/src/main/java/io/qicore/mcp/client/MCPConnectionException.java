package io.qicore.mcp.client;

import io.qicore.mcp.client.ServerAnswer.HttpAnswer;
import org.jspecify.annotations.Nullable;

/**
 * No valid response arrived: the server is unreachable, did not answer in time, or is not an MCP server. It is unknown
 * whether the tool ran.
 */
public final class MCPConnectionException extends MCPClientException {

    private static final long serialVersionUID = 1;

    MCPConnectionException(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }

    private MCPConnectionException(String message, HttpAnswer answer) {
        super(message, answer, null);
    }

    /** Creates the exception for an answer that is not one of an MCP server. */
    static MCPConnectionException notMcp(String message, HttpAnswer answer) {
        return new MCPConnectionException(message, answer);
    }
}
