package io.qicore.mcp.transport;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.model.ToolDescription;
import java.util.List;
import java.util.Map;

/** Calls through the project's own client. */
public record ClientCaller(MCPClient client) implements TransportContract.Caller {

    @Override
    public JsonNode call(String tool, Map<String, ?> arguments) {
        return client.call(tool, arguments);
    }

    @Override
    public List<String> tools() {
        return client.listTools().stream().map(ToolDescription::name).toList();
    }

    @Override
    public List<String> versions() {
        return client.discover().supportedVersions();
    }

    @Override
    public void close() {
        client.close();
    }
}
