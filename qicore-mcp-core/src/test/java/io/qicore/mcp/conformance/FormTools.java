package io.qicore.mcp.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.MCPTool;
import java.io.UncheckedIOException;
import java.util.List;

/** Tools that ask the user with every kind of field that a form can have. */
final class FormTools {

    private static final String DEFAULTS = """
            {"type": "object",
             "properties": {
               "name": {"type": "string", "default": "John Doe"},
               "age": {"type": "integer", "default": 30},
               "score": {"type": "number", "default": 95.5},
               "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
               "verified": {"type": "boolean", "default": true}}}""";

    private static final String ENUMS = """
            {"type": "object",
             "properties": {
               "untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
               "titledSingle": {"type": "string", "oneOf": [
                 {"const": "value1", "title": "First Option"},
                 {"const": "value2", "title": "Second Option"},
                 {"const": "value3", "title": "Third Option"}]},
               "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"],
                 "enumNames": ["Option One", "Option Two", "Option Three"]},
               "untitledMulti": {"type": "array",
                 "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
               "titledMulti": {"type": "array", "items": {"anyOf": [
                 {"const": "value1", "title": "First Choice"},
                 {"const": "value2", "title": "Second Choice"},
                 {"const": "value3", "title": "Third Choice"}]}}}}""";

    private FormTools() {}

    static List<MCPTool> all() {
        return List.of(
                asking("test_elicitation_sep1034_defaults", "Asks with a default for each field.", DEFAULTS),
                asking("test_elicitation_sep1330_enums", "Asks with each kind of choice.", ENUMS));
    }

    private static MCPTool asking(String name, String description, String schema) {
        Elicitation form = Elicitation.form("Please fill in this form.", parse(schema));
        return Tools.plain(
                name,
                description,
                (arguments, context) -> QuestionTools.elicit(context, form, "Elicitation completed: "));
    }

    /** The object of a literal. */
    static ObjectNode parse(String json) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
