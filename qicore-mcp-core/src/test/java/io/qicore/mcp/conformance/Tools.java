package io.qicore.mcp.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolHandler;
import io.qicore.mcp.tool.ToolResult;

/** What the groups of tools have in common. */
final class Tools {

    private Tools() {}

    /** A tool without arguments. */
    static MCPTool plain(String name, String description, ToolHandler<ObjectNode, ToolResult> handler) {
        return of(name, description, schema(), handler);
    }

    /** A tool with one argument, a required text. */
    static MCPTool withText(
            String name, String description, String argument, ToolHandler<ObjectNode, ToolResult> handler) {
        ObjectNode schema = schema();
        schema.withObjectProperty("properties").putObject(argument).put("type", "string");
        schema.putArray("required").add(argument);
        return of(name, description, schema, handler);
    }

    /** A tool with a schema of its own. */
    static MCPTool of(String name, String description, ObjectNode schema, ToolHandler<ObjectNode, ToolResult> handler) {
        return MCPTool.builder(name, schema)
                .description(description)
                .annotations(ToolAnnotations.readOnly())
                .resultHandler(handler)
                .build();
    }

    /** The schema of no arguments. */
    static ObjectNode schema() {
        ObjectNode schema = Json.object().put("type", "object");
        schema.putObject("properties");
        return schema.put("additionalProperties", false);
    }
}
