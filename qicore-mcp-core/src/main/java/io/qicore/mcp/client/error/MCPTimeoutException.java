package io.qicore.mcp.client.error;

import java.util.Objects;

/** The server did not answer within the timeout of the call, which has been cancelled. It is unknown whether the tool ran. */
public final class MCPTimeoutException extends MCPClientException {

    private static final long serialVersionUID = 1;

    /** Creates the exception. */
    public MCPTimeoutException(String message) {
        super(Objects.requireNonNull(message, "message"), null, null);
    }
}
