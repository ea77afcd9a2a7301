package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.qicore.mcp.internal.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The schemas of enums. Their values are what Jackson writes for the constants, so annotations need no interpretation. */
final class Enums {

    private Enums() {}

    /** Returns the schema of the values of an enum. */
    static ObjectNode schema(Class<?> type, Direction direction, Place place) {
        Annotations.check(type, direction, place);
        List<JsonNode> values = new ArrayList<>();
        for (Object constant : constants(type, place)) {
            JsonNode value = written(constant, place);
            if (!value.isTextual() && !value.isIntegralNumber()) {
                throw place.fault(
                        "the constants of " + type.getName() + " are not written as texts or integers",
                        "Let @JsonValue return a String.");
            }
            values.add(value);
            if (direction == Direction.ARGUMENTS) {
                requireRead(value, constant, place);
                aliases(constant).forEach(alias -> values.add(TextNode.valueOf(alias)));
            }
        }
        ObjectNode schema = Json.object();
        if (values.stream().allMatch(JsonNode::isTextual)) {
            schema.put("type", "string");
        } else if (values.stream().allMatch(JsonNode::isIntegralNumber)) {
            schema.put("type", "integer");
        }
        schema.putArray("enum").addAll(values);
        return schema;
    }

    /** Returns the schema of the names of members whose keys are constants of an enum. */
    static ObjectNode keys(Class<?> type, Direction direction, Place place) {
        Annotations.check(type, direction, place);
        ObjectNode schema = Json.object();
        ArrayNode names = schema.putArray("enum");
        JavaType map = Json.MAPPER.getTypeFactory().constructMapType(LinkedHashMap.class, type, Boolean.class);
        for (Object constant : constants(type, place)) {
            JsonNode written = written(Map.of(constant, true), place);
            names.add(written.fieldNames().next());
            if (direction == Direction.ARGUMENTS) {
                requireReadAs(written, map, Map.of(constant, true), place);
            }
        }
        return schema;
    }

    private static Object[] constants(Class<?> type, Place place) {
        Object[] constants = type.getEnumConstants();
        if (constants == null || constants.length == 0) {
            throw place.fault(type.getName() + " has no constants", "Use an enum with constants, or a String.");
        }
        return constants;
    }

    private static List<String> aliases(Object constant) {
        try {
            Enum<?> named = (Enum<?>) constant;
            JsonAlias alias = named.getDeclaringClass().getField(named.name()).getAnnotation(JsonAlias.class);
            return alias == null ? List.of() : List.of(alias.value());
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("Every constant of an enum is a field of it.", e);
        }
    }

    private static JsonNode written(Object value, Place place) {
        try {
            return Json.MAPPER.valueToTree(value);
        } catch (IllegalArgumentException e) {
            throw place.fault(value + " cannot be written: " + e.getMessage(), "Let @JsonValue return a String.");
        }
    }

    private static void requireRead(JsonNode value, Object constant, Place place) {
        requireReadAs(value, Json.MAPPER.constructType(((Enum<?>) constant).getDeclaringClass()), constant, place);
    }

    private static void requireReadAs(JsonNode value, JavaType type, Object expected, Place place) {
        try {
            if (expected.equals(Json.MAPPER.treeToValue(value, type))) {
                return;
            }
        } catch (JsonProcessingException e) {
            throw place.fault(value + ", which stands for " + expected + ", cannot be read back", wayOut());
        }
        throw place.fault(value + ", which stands for " + expected + ", is read as another constant", wayOut());
    }

    private static String wayOut() {
        return "Give each constant its own @JsonProperty, and remove the @JsonCreator.";
    }
}
