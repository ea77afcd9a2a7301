package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.json.Numbers;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Adds the constraints of a component to the schema of its type, and refuses those that the type cannot have. */
final class Attributes {

    private static final Set<String> NUMBERS = Set.of("integer", "number");
    private static final Set<Class<?>> INTS = Set.of(int.class, Integer.class, OptionalInt.class);
    private static final Set<Class<?>> BYTES = Set.of(byte[].class, ByteBuffer.class);
    private static final Set<Class<?>> FREE_TEXTS = Set.of(
            String.class,
            CharSequence.class,
            char[].class,
            char.class,
            Character.class,
            URI.class,
            URL.class,
            Path.class);

    private Attributes() {}

    static ObjectNode apply(Constraints own, ObjectNode schema, JavaType type, Direction direction, Place place) {
        String kind = kind(schema);
        if (!own.description().isEmpty()) {
            schema.put("description", own.description());
        }
        if (own.hasDefault()) {
            JsonNode value = literal(own.defaultValue(), kind);
            String fault = Numbers.fault(value);
            if (fault != null) {
                throw place.fault(
                        "the default value cannot be used: " + fault, "Correct the defaultValue of its @Schema.");
            }
            if (direction == Direction.ARGUMENTS) {
                requireReadable(value, "default", type, place);
            }
            schema.set("default", value);
        }
        number(own, schema, type, kind, place);
        length(own, schema, type, kind, place);
        text(own, schema, type, direction, kind, place);
        return schema;
    }

    private static void number(Constraints own, ObjectNode schema, JavaType type, String kind, Place place) {
        boolean least = own.minimum() != Long.MIN_VALUE;
        boolean most = own.maximum() != Long.MAX_VALUE;
        if (!least && !most) {
            return;
        }
        if (!NUMBERS.contains(kind)) {
            throw place.fault("minimum and maximum apply to numbers only", "Remove them from its @Schema.");
        }
        boolean isInt = INTS.contains(value(type));
        if (least) {
            tighten(schema, "minimum", own.minimum(), 1);
        }
        if (most) {
            tighten(schema, "maximum", isInt ? Math.min(own.maximum(), Integer.MAX_VALUE) : own.maximum(), -1);
        }
        boolean outside = isInt && (own.minimum() > Integer.MAX_VALUE || own.maximum() < Integer.MIN_VALUE);
        if (outside || isEmpty(schema, "minimum", "maximum")) {
            throw place.fault("no value of its type is between the minimum and the maximum", "Correct its @Schema.");
        }
    }

    /** Sets a bound, unless the type has a tighter one. */
    private static void tighten(ObjectNode schema, String keyword, long own, int sign) {
        JsonNode bound = schema.get(keyword);
        if (bound == null || sign * BigDecimal.valueOf(own).compareTo(bound.decimalValue()) > 0) {
            // The node that parsing the number would give.
            schema.set(keyword, own == (int) own ? IntNode.valueOf((int) own) : LongNode.valueOf(own));
        }
    }

    private static boolean isEmpty(ObjectNode schema, String least, String most) {
        return schema.has(least)
                && schema.has(most)
                && schema.get(least).decimalValue().compareTo(schema.get(most).decimalValue()) > 0;
    }

    private static void length(Constraints own, ObjectNode schema, JavaType type, String kind, Place place) {
        boolean least = own.minLength() > 0;
        boolean most = own.maxLength() != Integer.MAX_VALUE;
        boolean list = kind.equals("array");
        if ((least || most) && !list && !kind.equals("string")) {
            throw place.fault("minLength and maxLength apply to texts and lists only", "Remove them from its @Schema.");
        }
        if ((least || most) && !list && !BYTES.contains(value(type))) {
            requireFree(type, place);
        }
        String shortest = list ? "minItems" : "minLength";
        String longest = list ? "maxItems" : "maxLength";
        if (least) {
            tighten(schema, shortest, own.minLength(), 1);
        }
        if (most) {
            tighten(schema, longest, own.maxLength(), -1);
        }
        if (own.minLength() < 0 || own.maxLength() < 0 || isEmpty(schema, shortest, longest)) {
            throw place.fault("no length is between minLength and maxLength", "Correct them in its @Schema.");
        }
    }

    private static void text(
            Constraints own, ObjectNode schema, JavaType type, Direction direction, String kind, Place place) {
        if (own.pattern().isEmpty() && own.allowed().isEmpty()) {
            return;
        }
        if (!kind.equals("string")) {
            throw place.fault("pattern and allowed apply to texts only", "Remove them from its @Schema.");
        }
        if (!own.pattern().isEmpty()) {
            requireFree(type, place);
            schema.put("pattern", own.pattern());
        }
        if (!own.allowed().isEmpty()) {
            allowed(own, schema, type, direction, place);
        }
    }

    private static void allowed(Constraints own, ObjectNode schema, JavaType type, Direction direction, Place place) {
        Set<String> ofType = new HashSet<>();
        schema.path("enum").forEach(value -> ofType.add(value.asText()));
        ArrayNode values = schema.putArray("enum");
        for (String text : own.allowed()) {
            JsonNode value = TextNode.valueOf(text);
            if (!ofType.isEmpty() && !ofType.contains(text)) {
                throw place.fault("the allowed value " + value + " is not one of " + ofType, "Correct its @Schema.");
            }
            boolean known = KnownTypes.schema(value(type)) != null;
            if (direction == Direction.ARGUMENTS || known) {
                Object read = requireReadable(value, "allowed", type, place);
                if (direction == Direction.RESULTS && !value.equals(Json.tree(read))) {
                    throw place.fault(
                            "the allowed value " + value + " is written as " + Json.tree(read), "Correct its @Schema.");
                }
            }
            values.add(value);
        }
        if (schema.path("type").isArray()) {
            values.addNull();
        }
    }

    /** Refuses to limit the text of a type that decides about its form itself: such a limit excludes all or nothing. */
    private static void requireFree(JavaType type, Place place) {
        Class<?> value = value(type);
        if (KnownTypes.schema(value) != null && !FREE_TEXTS.contains(value)) {
            throw place.fault(
                    "pattern, minLength and maxLength do not apply to the form of a " + value.getSimpleName(),
                    "Remove them from its @Schema, or use String.");
        }
    }

    /** Returns the class of a value, also if it is optional. */
    private static Class<?> value(JavaType type) {
        Class<?> raw = type.getRawClass();
        return raw == Optional.class ? type.getContentType().getRawClass() : raw;
    }

    /** Returns the JSON type of a schema; empty if it allows several or is a reference. */
    private static String kind(ObjectNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? type.path(0).asText() : type.asText();
    }

    private static JsonNode literal(String text, String kind) {
        try {
            JsonNode json = Json.read(text.getBytes(StandardCharsets.UTF_8));
            return kind.equals("string") && !json.isTextual() ? TextNode.valueOf(text) : json;
        } catch (IOException notJson) {
            return TextNode.valueOf(text);
        }
    }

    private static Object requireReadable(JsonNode value, String name, JavaType type, Place place) {
        Object read;
        try {
            read = Json.readerFor(type).readValue(value);
        } catch (IOException e) {
            throw place.fault(
                    "the " + name + " value " + value + " cannot be read as "
                            + type.getRawClass().getSimpleName(),
                    "Correct it in its @Schema.");
        }
        if (read == null) {
            throw place.fault("the " + name + " value is null", "Make the component @Nullable or Optional instead.");
        }
        return read;
    }
}
