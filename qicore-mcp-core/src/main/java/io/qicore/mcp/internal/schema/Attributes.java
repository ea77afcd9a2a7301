package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.util.Set;

/** Adds the constraints of a component to the schema of its type, and refuses those that the type cannot have. */
final class Attributes {

    private static final Set<String> NUMBERS = Set.of("integer", "number");

    private Attributes() {}

    static ObjectNode apply(Constraints own, ObjectNode schema, JavaType type, Direction direction, Place place) {
        String kind = kind(schema);
        if (!own.description().isEmpty()) {
            schema.put("description", own.description());
        }
        if (own.hasDefault()) {
            JsonNode value = literal(own.defaultValue(), kind);
            if (direction == Direction.ARGUMENTS) {
                requireReadable(value, type, place);
            }
            schema.set("default", value);
        }
        number(own, schema, kind, place);
        length(own, schema, kind, place);
        text(own, schema, kind, place);
        return schema;
    }

    private static void number(Constraints own, ObjectNode schema, String kind, Place place) {
        boolean least = own.minimum() != Long.MIN_VALUE;
        boolean most = own.maximum() != Long.MAX_VALUE;
        if ((least || most) && !NUMBERS.contains(kind)) {
            throw place.fault("minimum and maximum apply to numbers only", "Remove them from its @Schema.");
        }
        if (own.minimum() > own.maximum()) {
            throw place.fault("the minimum is above the maximum", "Swap them in its @Schema.");
        }
        if (least) {
            schema.set("minimum", whole(own.minimum()));
        }
        if (most) {
            schema.set("maximum", whole(own.maximum()));
        }
    }

    private static JsonNode whole(long value) {
        // The node that parsing the number would give.
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    private static void length(Constraints own, ObjectNode schema, String kind, Place place) {
        boolean least = own.minLength() > 0;
        boolean most = own.maxLength() != Integer.MAX_VALUE;
        boolean list = kind.equals("array");
        if ((least || most) && !list && !kind.equals("string")) {
            throw place.fault("minLength and maxLength apply to texts and lists only", "Remove them from its @Schema.");
        }
        if (own.minLength() > own.maxLength() || own.minLength() < 0) {
            throw place.fault("no length is between minLength and maxLength", "Correct them in its @Schema.");
        }
        if (least) {
            schema.put(list ? "minItems" : "minLength", own.minLength());
        }
        if (most) {
            schema.put(list ? "maxItems" : "maxLength", own.maxLength());
        }
    }

    private static void text(Constraints own, ObjectNode schema, String kind, Place place) {
        if (own.pattern().isEmpty() && own.allowed().isEmpty()) {
            return;
        }
        if (!kind.equals("string")) {
            throw place.fault("pattern and allowed apply to texts only", "Remove them from its @Schema.");
        }
        if (!own.pattern().isEmpty()) {
            schema.put("pattern", own.pattern());
        }
        if (!own.allowed().isEmpty()) {
            ArrayNode values = schema.putArray("enum");
            own.allowed().forEach(values::add);
        }
    }

    /** Returns the JSON type of a schema; empty if it allows several or is a reference. */
    private static String kind(ObjectNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? type.path(0).asText() : type.asText();
    }

    private static JsonNode literal(String text, String kind) {
        try {
            JsonNode json = Json.MAPPER.readTree(text);
            return kind.equals("string") && !json.isTextual() ? TextNode.valueOf(text) : json;
        } catch (JsonProcessingException notJson) {
            return TextNode.valueOf(text);
        }
    }

    private static void requireReadable(JsonNode value, JavaType type, Place place) {
        try {
            if (Json.MAPPER.readerFor(type).readValue(value) != null) {
                return;
            }
        } catch (IOException e) {
            throw place.fault(
                    "the default value " + value + " cannot be read as "
                            + type.getRawClass().getSimpleName(),
                    "Correct the defaultValue of its @Schema.");
        }
        throw place.fault(
                "the default value is null", "Make the component @Nullable or Optional instead of a defaultValue.");
    }
}
