package io.qicore.mcp.internal.engine.rpc;

import io.qicore.mcp.internal.log.LogLimit;
import io.qicore.mcp.internal.log.LogText;
import io.qicore.mcp.internal.tool.ToolErrors;
import io.qicore.mcp.tool.MCPToolError;
import java.util.UUID;
import org.slf4j.Logger;

/** Reports unexpected failures: the details go to the log, and the peer gets a correlation id. */
public final class Failures {

    /** A client can repeat a call that fails: each failure gets a line, and only some a stack trace. */
    private static final LogLimit STACK_TRACES = new LogLimit(20);

    private Failures() {}

    public static String log(Logger log, String what, Throwable failure) {
        String correlationId = UUID.randomUUID().toString().substring(0, 8);
        if (STACK_TRACES.allows()) {
            log.error("{} failed unexpectedly [{}]", LogText.of(what), correlationId, LogText.of(failure));
        } else {
            log.error(
                    "{} failed unexpectedly [{}]: {}", LogText.of(what), correlationId, LogText.of(failure.toString()));
        }
        return correlationId;
    }

    /** Logs a failure and returns the error for the peer. */
    public static RpcError toRpc(Logger log, String what, Throwable failure) {
        if (failure instanceof MCPToolError known) {
            // Thrown by the reader of a resource or by a prompt: the agent should see it there, too.
            return new RpcError(RpcError.INTERNAL_ERROR, known.getMessage(), ToolErrors.toJson(known));
        }
        return new RpcError(RpcError.INTERNAL_ERROR, message(what, log(log, what, failure)));
    }

    public static String message(String what, String correlationId) {
        return what + " failed unexpectedly. The server's log has the details under " + correlationId + ".";
    }
}
