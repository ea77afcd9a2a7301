package io.qicore.mcp.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Converts JSON-RPC messages to and from bytes. */
final class Messages {

    private Messages() {}

    static byte[] toBytes(ObjectNode message) {
        try {
            return Json.MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Parses a response.
     *
     * @param server the name or address of the server, for the error message
     * @throws MCPConnectionException if the response is not JSON
     */
    static JsonNode parse(byte[] message, Object server) {
        try {
            return Json.read(message);
        } catch (IOException e) {
            throw new MCPConnectionException(server + " did not answer with JSON: is it an MCP server?", e);
        }
    }
}
