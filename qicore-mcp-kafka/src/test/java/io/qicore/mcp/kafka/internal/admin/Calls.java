package io.qicore.mcp.kafka.internal.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;
import java.util.Map;

/** Calls tools of a server without its engine. */
public final class Calls {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Calls() {}

    /** Calls with the default deadline. */
    public static JsonNode call(StatelessMCPServer server, String tool, Map<String, ?> arguments) throws Exception {
        return call(server, tool, arguments, ServerSettings.DEFAULT_CALL_TIMEOUT);
    }

    /** Calls with a deadline. */
    public static JsonNode call(StatelessMCPServer server, String tool, Map<String, ?> arguments, Duration timeout)
            throws Exception {
        return call(server.tool(tool), arguments, timeout);
    }

    /** Calls a tool that was looked up before, for a test that watches the clock: making tools takes time. */
    public static JsonNode call(MCPTool tool, Map<String, ?> arguments, Duration timeout) throws Exception {
        return tool.call((ObjectNode) JSON.valueToTree(arguments), within(timeout));
    }

    /** A context that has the given time left, now. */
    public static RequestContext within(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        return new RequestContext() {
            @Override
            public Duration remaining() {
                return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            }

            @Override
            public boolean isCancelled() {
                return remaining().isZero();
            }

            @Override
            public void onCancel(Runnable action) {}

            @Override
            public Caller caller() {
                return Caller.ANONYMOUS;
            }
        };
    }
}
