package io.qicore.mcp.client.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The server needs an input that this client does not give: it has no handler for it, its handler failed, or the server has
 * asked too often. The call has not been completed.
 */
public final class MCPInputException extends MCPClientException {

    private static final long serialVersionUID = 1;

    /** Creates the exception. */
    public MCPInputException(String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), null, cause);
    }
}
