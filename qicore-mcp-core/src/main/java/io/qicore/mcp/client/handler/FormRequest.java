package io.qicore.mcp.client.handler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ElicitationAnswer;
import java.util.Map;
import java.util.Objects;

/**
 * A form that a server wants the user to fill in. Its texts come from the server. Immutable, provided that the schema is not
 * modified.
 *
 * @param server the name or address of the server that asks
 * @param message the question, to be shown above the form
 * @param schema the fields: a JSON Schema of an object whose properties are strings, numbers, booleans or choices
 */
public record FormRequest(String server, String message, ObjectNode schema) {
    /** Requires all components. */
    public FormRequest {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(schema, "schema");
    }

    /** Returns the values that fields have unless the user changes them; fields without one are left out. */
    public ObjectNode defaults() {
        ObjectNode values = Json.object();
        schema.path("properties").properties().forEach(field -> {
            JsonNode value = field.getValue().get("default");
            if (value != null) {
                values.set(field.getKey(), value);
            }
        });
        return values;
    }

    /**
     * Returns the answer of a user who has submitted the form. Fields that are missing get their defaults.
     *
     * @param fields the values by the names of the fields
     * @throws IllegalArgumentException if a value cannot be written as JSON
     */
    public ElicitationAnswer accept(Map<String, ?> fields) {
        Objects.requireNonNull(fields, "fields");
        ObjectNode content = defaults();
        fields.forEach((name, value) -> content.set(name, Json.tree(value)));
        return new ElicitationAnswer(ElicitationAnswer.Action.ACCEPT, content);
    }

    /** Returns the answer of a user who has said no. */
    public ElicitationAnswer decline() {
        return new ElicitationAnswer(ElicitationAnswer.Action.DECLINE, Json.object());
    }

    /** Returns the answer of a user who has closed the form without a choice. */
    public ElicitationAnswer cancel() {
        return new ElicitationAnswer(ElicitationAnswer.Action.CANCEL, Json.object());
    }
}
