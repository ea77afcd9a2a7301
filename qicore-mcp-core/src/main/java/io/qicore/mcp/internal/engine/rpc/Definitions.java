package io.qicore.mcp.internal.engine.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.tool.MCPTool;
import org.jspecify.annotations.Nullable;

/** Writes the definitions of the server, its tools, resources and prompts, in the form of the newest revision. */
public final class Definitions {

    private Definitions() {}

    /** Returns the {@code Implementation} object of MCP, which identifies the server. */
    public static ObjectNode implementation(String name, String version, @Nullable String title) {
        ObjectNode definition = Json.object().put("name", name).put("version", version);
        put(definition, "title", title);
        return definition;
    }

    public static ObjectNode tool(MCPTool tool) {
        ObjectNode definition = Json.object().put("name", tool.name());
        put(definition, "title", tool.title());
        definition.put("description", tool.description());
        definition.set("inputSchema", tool.inputSchema());
        ObjectNode outputSchema = tool.outputSchema();
        if (outputSchema != null) {
            definition.set("outputSchema", outputSchema);
        }
        JsonNode annotations = Json.MAPPER.valueToTree(tool.annotations());
        if (!annotations.isEmpty()) {
            definition.set("annotations", annotations);
        }
        return definition;
    }

    public static ObjectNode resource(MCPResource resource) {
        ObjectNode definition = Json.object().put(resource.isTemplate() ? "uriTemplate" : "uri", resource.uri());
        definition.put("name", resource.name());
        put(definition, "title", resource.title());
        put(definition, "description", resource.description());
        put(definition, "mimeType", resource.mimeType());
        return definition;
    }

    public static ObjectNode prompt(MCPPrompt prompt) {
        ObjectNode definition = Json.object().put("name", prompt.name());
        put(definition, "title", prompt.title());
        put(definition, "description", prompt.description());
        if (!prompt.arguments().isEmpty()) {
            ArrayNode arguments = definition.putArray("arguments");
            for (MCPPrompt.Argument argument : prompt.arguments()) {
                arguments
                        .addObject()
                        .put("name", argument.name())
                        .put("description", argument.description())
                        .put("required", argument.required());
            }
        }
        return definition;
    }

    private static void put(ObjectNode definition, String name, @Nullable String value) {
        if (value != null) {
            definition.put(name, value);
        }
    }
}
