package io.qicore.mcp.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.ServerAnswer.HttpAnswer;
import org.jspecify.annotations.Nullable;

/** The server answered with a JSON-RPC error, for example because the tool does not exist. The tool did not run. */
public final class MCPProtocolException extends MCPClientException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final transient @Nullable JsonNode data;

    MCPProtocolException(int code, String message, @Nullable JsonNode data, @Nullable HttpAnswer answer) {
        super(message + " (JSON-RPC error " + code + ")", answer, null);
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
