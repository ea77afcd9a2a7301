package io.qicore.mcp.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.Elicitation;

/** Questions to the user and to the model. */
final class Forms {

    private Forms() {}

    /** A form of required texts. */
    static Elicitation texts(String message, String... fields) {
        return of(message, "string", fields);
    }

    /** A form of one required checkbox. */
    static Elicitation checkbox(String message, String field) {
        return of(message, "boolean", field);
    }

    private static Elicitation of(String message, String type, String... fields) {
        ObjectNode schema = Json.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (String field : fields) {
            properties.putObject(field).put("type", type);
            required.add(field);
        }
        return Elicitation.form(message, schema);
    }

    /** Parameters of a request to the client's model. */
    static ObjectNode sampling(String prompt, int maxTokens) {
        ObjectNode params = Json.object();
        params.putArray("messages")
                .addObject()
                .put("role", "user")
                .putObject("content")
                .put("type", "text")
                .put("text", prompt);
        return params.put("maxTokens", maxTokens);
    }
}
