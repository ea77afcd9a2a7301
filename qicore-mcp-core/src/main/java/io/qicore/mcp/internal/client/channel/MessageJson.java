package io.qicore.mcp.internal.client.channel;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Parses and measures messages of servers. */
public final class MessageJson {

    /** What a value takes up besides its text. */
    private static final long NODE_BYTES = 32;

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

    /** Returns an id that may be one of a request of this client, or null. */
    public static @Nullable Long id(JsonNode id) {
        return id.isIntegralNumber() && id.canConvertToLong() ? id.longValue() : null;
    }

    /** Returns about how many bytes a value takes up in memory. */
    public static long size(JsonNode value) {
        long size = NODE_BYTES;
        if (value.isTextual()) {
            size += value.textValue().length();
        } else if (value.isContainerNode()) {
            for (JsonNode part : value) {
                size += size(part);
            }
            for (Iterator<String> names = value.fieldNames(); names.hasNext(); ) {
                size += names.next().length();
            }
        }
        return size;
    }
}
