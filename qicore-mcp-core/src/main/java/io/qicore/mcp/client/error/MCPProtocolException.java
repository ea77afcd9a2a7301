package io.qicore.mcp.client.error;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The server answered with a JSON-RPC error, for example because the tool does not exist. The tool did not run, unless the code is
 * -32603 (internal error), by which some servers report that a tool has crashed.
 */
public final class MCPProtocolException extends MCPClientException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final transient @Nullable JsonNode data;

    /**
     * Creates the exception.
     *
     * @param code the JSON-RPC error code
     * @param message the message of the error
     * @param data the data of the error, or null
     * @param answer the HTTP answer that carried the error; null for other transports
     */
    public MCPProtocolException(int code, String message, @Nullable JsonNode data, @Nullable HttpAnswer answer) {
        super(Objects.requireNonNull(message, "message") + " (JSON-RPC error " + code + ")", answer, null);
        this.code = code;
        this.data = data;
    }

    /** Returns the JSON-RPC error code, such as -32602 for an unknown tool. */
    public int code() {
        return code;
    }

    /** Returns the data of the JSON-RPC error, or null. Null after Java deserialization. */
    public @Nullable JsonNode data() {
        return data;
    }
}
