package io.qicore.mcp.internal.tool;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogText;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Converts an {@link MCPToolError} to the JSON of the protocol and back. */
public final class ToolErrors {

    private static final Logger log = LoggerFactory.getLogger(ToolErrors.class);
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private ToolErrors() {}

    /** Returns an error as {@code {code, message, context, retryable}}. */
    public static ObjectNode toJson(MCPToolError error) {
        ObjectNode json = Json.object().put("code", error.code()).put("message", error.getMessage());
        json.set("context", context(error));
        return json.put("retryable", error.retryable());
    }

    /** Returns the error that a JSON object in the form of {@link #toJson} describes; empty if it has another form. */
    public static Optional<MCPToolError> fromJson(JsonNode json) {
        if (json.path("code").asText().isBlank()
                || !json.path("code").isTextual()
                || !json.path("message").isTextual()) {
            return Optional.empty();
        }
        Map<String, Object> context =
                json.path("context").isObject() ? Json.MAPPER.convertValue(json.get("context"), MAP) : Map.of();
        return Optional.of(new MCPToolError(
                json.get("code").textValue(),
                json.get("message").textValue(),
                context,
                json.path("retryable").booleanValue(),
                null));
    }

    private static JsonNode context(MCPToolError error) {
        try {
            return Json.MAPPER.valueToTree(error.context());
        } catch (IllegalArgumentException e) {
            log.warn(
                    "The context of {} cannot be written as JSON and is left out",
                    LogText.of(error.toString()),
                    LogText.of(e));
            return Json.object();
        }
    }
}
