package io.qicore.mcp.client.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client could not get the credentials that the server wants: the metadata of the server or of its authorization server are
 * missing or do not fit, the person declined, or the authorization server refused. The tool did not run.
 */
public final class MCPAuthorizationException extends MCPClientException {

    private static final long serialVersionUID = 1;

    /** Creates the exception. */
    public MCPAuthorizationException(String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), null, cause);
    }
}
