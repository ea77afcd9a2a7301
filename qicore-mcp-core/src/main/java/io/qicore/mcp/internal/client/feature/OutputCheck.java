package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.internal.client.channel.MessageJson;
import io.qicore.mcp.internal.client.protocol.ForeignSchema;
import io.qicore.mcp.internal.log.LogText;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Checks structured results against the output schemas of their tools. Thread-safe. */
final class OutputCheck {

    private static final int MAX_SCHEMAS = 1_000;

    /** A larger schema is compiled again for each result. */
    private static final long MAX_KEPT_BYTES = 64 << 10;

    private final Map<ObjectNode, ForeignSchema> compiled = new ConcurrentHashMap<>();

    /**
     * Checks a result.
     *
     * @throws MCPConnectionException if it does not match the schema, or the schema cannot be used
     */
    void check(ToolDescription tool, @Nullable JsonNode structured) {
        ObjectNode schema = tool.outputSchema();
        if (schema == null) {
            return;
        }
        String name = LogText.of(tool.name());
        if (structured == null) {
            throw new MCPConnectionException(
                    "The result of " + name + " has no structured value, although the tool has an output schema.",
                    null);
        }
        String fault;
        try {
            fault = schemaOf(schema).fault(structured).orElse(null);
        } catch (IllegalArgumentException e) {
            throw new MCPConnectionException(
                    "The result of " + name + " cannot be checked, because its output schema cannot be used: "
                            + e.getMessage(),
                    e);
        }
        if (fault != null) {
            throw new MCPConnectionException(
                    "The result of " + name + " does not match its output schema: " + fault + ".", null);
        }
    }

    private ForeignSchema schemaOf(ObjectNode schema) {
        ForeignSchema known = compiled.get(schema);
        if (known != null) {
            return known;
        }
        ForeignSchema made = ForeignSchema.of(schema);
        if (compiled.size() < MAX_SCHEMAS && MessageJson.size(schema) <= MAX_KEPT_BYTES) {
            compiled.put(schema, made);
        }
        return made;
    }
}
