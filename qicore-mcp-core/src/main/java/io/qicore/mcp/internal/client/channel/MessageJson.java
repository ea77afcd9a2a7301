package io.qicore.mcp.internal.client.channel;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;

/** Parses messages of servers. */
public final class MessageJson {

    private MessageJson() {}

    /**
     * Parses a message.
     *
     * @param server the name or address of the server, for the error
     * @throws MCPConnectionException if it is not JSON
     */
    public static JsonNode parse(byte[] message, Object server) {
        try {
            return Json.read(message);
        } catch (IOException e) {
            throw new MCPConnectionException(server + " did not answer with JSON: is it an MCP server?", e);
        }
    }
}
