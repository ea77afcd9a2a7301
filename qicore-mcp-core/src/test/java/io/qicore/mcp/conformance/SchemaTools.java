package io.qicore.mcp.conformance;

import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolResult;
import java.util.List;

/** Tools whose schemas must reach the client as they are. */
final class SchemaTools {

    private static final String FULL = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema",
             "type": "object",
             "$defs": {"address": {"$anchor": "addressDef", "type": "object",
               "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}},
             "properties": {
               "name": {"type": "string"},
               "address": {"$ref": "#/$defs/address"},
               "contactMethod": {"type": "string", "enum": ["phone", "email"]},
               "phone": {"type": "string"},
               "email": {"type": "string"}},
             "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
             "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
             "then": {"required": ["phone"]},
             "else": {"required": ["email"]},
             "additionalProperties": false}""";

    private static final String HEADERS = """
            {"type": "object",
             "properties": {
               "region": {"type": "string", "x-mcp-header": "Region"},
               "dry_run": {"type": "boolean", "x-mcp-header": "Dry-Run"},
               "limit": {"type": "integer", "x-mcp-header": "Limit"}},
             "required": ["region"],
             "additionalProperties": false}""";

    private SchemaTools() {}

    static List<MCPTool> all() {
        return List.of(
                Tools.of(
                        "json_schema_2020_12_tool",
                        "Tool with JSON Schema 2020-12 features",
                        FormTools.parse(FULL),
                        (arguments, context) -> ToolResult.text("Valid: " + arguments)),
                Tools.of(
                        "test_x_mcp_header",
                        "Its arguments are repeated in headers.",
                        FormTools.parse(HEADERS),
                        (arguments, context) -> ToolResult.text("Received: " + arguments)));
    }
}
