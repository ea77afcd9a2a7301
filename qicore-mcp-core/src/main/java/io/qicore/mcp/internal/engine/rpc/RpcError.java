package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A JSON-RPC error. The fault is in the message or in the server, and the agent's model does not see it.
 *
 * @param code one of the constants here
 * @param message one short sentence; cut off if what it quotes of the request makes it long
 * @param data details that the code defines, or null
 */
public record RpcError(int code, String message, @Nullable JsonNode data) {

    public static final int PARSE_ERROR = -32700;
    public static final int INVALID_REQUEST = -32600;
    public static final int METHOD_NOT_FOUND = -32601;
    public static final int INVALID_PARAMS = -32602;
    public static final int INTERNAL_ERROR = -32603;
    public static final int HEADER_MISMATCH = -32020;
    public static final int MISSING_CLIENT_CAPABILITY = -32021;
    public static final int UNSUPPORTED_PROTOCOL_VERSION = -32022;
    /** The resource does not exist; used by revisions before 2026-07-28. */
    public static final int LEGACY_RESOURCE_NOT_FOUND = -32002;
    /** The server is busy. This code of QiCore is outside the range that JSON-RPC and MCP reserve. */
    public static final int BUSY = -31000;
    /** The request needs valid credentials. A code of QiCore. */
    public static final int UNAUTHENTICATED = -31001;
    /** The caller is not allowed to do this. A code of QiCore. */
    public static final int FORBIDDEN = -31002;

    private static final int MAX_MESSAGE = 500;

    public RpcError {
        if (message.length() > MAX_MESSAGE) {
            message = message.substring(0, MAX_MESSAGE) + "…";
        }
    }

    public RpcError(int code, String message) {
        this(code, message, null);
    }
}
