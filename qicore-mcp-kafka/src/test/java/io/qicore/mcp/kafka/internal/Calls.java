package io.qicore.mcp.kafka.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
        return call(server, tool, arguments, StatelessMCPServer.DEFAULT_CALL_TIMEOUT);
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
    static RequestContext within(Duration timeout) {
        return RequestContext.ofTimeout(timeout);
    }
}
