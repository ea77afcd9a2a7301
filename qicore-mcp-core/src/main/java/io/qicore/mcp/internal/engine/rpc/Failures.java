package io.qicore.mcp.internal.engine.rpc;

import io.qicore.mcp.internal.tool.ToolErrors;
import io.qicore.mcp.tool.MCPToolError;
import java.util.UUID;
import org.slf4j.Logger;

/** Unexpected failures: the log gets everything, the peer a correlation id. */
public final class Failures {

    private Failures() {}

    public static String log(Logger log, String what, Throwable failure) {
        String correlationId = UUID.randomUUID().toString().substring(0, 8);
        log.error("{} failed unexpectedly [{}]", what, correlationId, failure);
        return correlationId;
    }

    /** The error that the peer is told, after the log. */
    public static RpcError toRpc(Logger log, String what, Throwable failure) {
        if (failure instanceof MCPToolError known) {
            // From the reader of a resource or the author of a prompt: the agent should see it there, too.
            return new RpcError(RpcError.INTERNAL_ERROR, known.getMessage(), ToolErrors.toJson(known));
        }
        return new RpcError(RpcError.INTERNAL_ERROR, message(what, log(log, what, failure)));
    }

    public static String message(String what, String correlationId) {
        return what + " failed unexpectedly. The server's log has the details under " + correlationId + ".";
    }
}
