package io.qicore.mcp.internal.schema;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.ClassUtil;
import io.qicore.mcp.internal.json.Json;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * Generates the JSON Schema (2020-12) of a record from what Jackson reads or writes for it: the names, types and subtypes are
 * those of its deserializers or serializers, so schema and binder cannot disagree. A type that has no schema is refused with
 * a message that names the component and the way out. Used for one record, by one thread.
 */
public final class SchemaGenerator {

    static final Set<Class<?>> OPTIONALS =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);
    private static final String HAND_WRITTEN = "or build the tool with a hand-written schema.";

    private final Side side;
    private final Function<AnnotatedElement, Constraints> constraints;
    private final JavaType root;

    /** The types around the one that is generated now. */
    private final List<JavaType> open = new ArrayList<>();

    /** The names in {@code $defs} of the types that contain themselves. */
    private final Map<JavaType, String> names = new HashMap<>();

    private final ObjectNode definitions = Json.object();

    private SchemaGenerator(JavaType root, Side side, Function<AnnotatedElement, Constraints> constraints) {
        this.side = side;
        this.constraints = constraints;
        this.root = root;
    }

    /**
     * Returns the schema of a record.
     *
     * @param constraints reads what a field adds to the schema of its type
     * @throws IllegalArgumentException if the type is not a record, or a component has a type without a schema
     */
    public static ObjectNode generate(
            Type type, Direction direction, Function<AnnotatedElement, Constraints> constraints) {
        JavaType root = Json.MAPPER.constructType(type);
        if (!root.getRawClass().isRecord()) {
            throw new IllegalArgumentException(root.getRawClass().getName()
                    + " is not a record. Use a record for the arguments and the result of a tool.");
        }
        Side side = direction == Direction.ARGUMENTS ? new Reader() : new Writer();
        return new SchemaGenerator(root, side, constraints).root();
    }

    private ObjectNode root() {
        Place place = Place.root(root.getRawClass());
        new Expansion(side::describe).check(root, place);
        open.add(root);
        ObjectNode schema = bean(root, place);
        if (!schema.path("properties").isObject()) {
            throw place.fault("it is not read and written as an object", "Use a record without @JsonValue.");
        }
        if (!definitions.isEmpty()) {
            schema.set("$defs", definitions);
        }
        return schema;
    }

    /** Returns the schema of a type that is neither optional nor nullable. */
    private ObjectNode schema(JavaType type, TypeUse use, Place place) {
        Class<?> raw = type.getRawClass();
        ObjectNode known = KnownTypes.schema(raw);
        if (known != null) {
            return known;
        }
        if (OPTIONALS.contains(raw)) {
            throw place.fault("an Optional in an Optional cannot be told from an empty one", "Use one Optional.");
        }
        if (!isPlatform(raw) && use.hasNullableArgument(raw)) {
            throw place.fault(
                    "@Nullable on a type argument of " + raw.getTypeName() + " has no effect on its members",
                    "Use Optional as the type argument, or @Nullable inside the class.");
        }
        if (type.isArrayType() || type.isCollectionLikeType() || raw == Iterable.class) {
            return array(type, use, place);
        }
        if (type.isMapLikeType()) {
            return map(type, use, place);
        }
        if (type.isEnumType()) {
            return Enums.schema(raw, side.direction(), place);
        }
        if (Throwable.class.isAssignableFrom(raw)) {
            throw place.fault(
                    "an exception is not data: it would show its stack trace to clients",
                    "Throw an MCPToolError, or use a String.");
        }
        if (isPlatform(raw)) {
            throw place.fault(
                    raw.getTypeName() + " has no form in JSON here",
                    "Use String, a number, an enum or a record, " + HAND_WRITTEN);
        }
        return object(type, place);
    }

    private static boolean isPlatform(Class<?> type) {
        String name = type.getName();
        return type.isPrimitive()
                || ClassUtil.isJDKClass(type)
                || name.startsWith("jdk.")
                || name.startsWith("com.fasterxml.jackson.");
    }

    private ObjectNode array(JavaType type, TypeUse use, Place place) {
        side.checkContainer(type, place);
        ObjectNode schema = Json.object().put("type", "array");
        JavaType content = type.isContainerType() ? type.getContentType() : type.containedTypeOrUnknown(0);
        schema.set("items", content(content, use.item(), place.content("[]")));
        return schema;
    }

    private ObjectNode map(JavaType type, TypeUse use, Place place) {
        side.checkContainer(type, place);
        ObjectNode schema = Json.object().put("type", "object");
        JavaType key = type.getKeyType();
        Class<?> rawKey = key.getRawClass();
        if (key.isEnumType()) {
            ObjectNode names = Enums.keys(rawKey, side.direction(), place.content("{key}"));
            schema.set("propertyNames", names);
        } else if (KnownTypes.isWholeNumber(rawKey)) {
            // One text for each number: of two texts for the same key, one would be lost.
            schema.putObject("propertyNames").put("pattern", "^(0|-?[1-9][0-9]*)$");
        } else if (rawKey != Object.class && !KnownTypes.isKey(rawKey)) {
            throw place.content("{key}")
                    .fault(
                            rawKey.getTypeName() + " cannot be the key of a map in JSON",
                            "Use String, an enum, or a list of records.");
        }
        schema.set("additionalProperties", content(type.getContentType(), use.argument(1), place.content("{}")));
        return schema;
    }

    /** Returns the schema of the items of a list or of the values of a map, which can be null where the type says so. */
    private ObjectNode content(JavaType type, TypeUse use, Place place) {
        if (OPTIONALS.contains(type.getRawClass())) {
            return nullable(schema(optional(type, place), use.argument(0), place));
        }
        ObjectNode schema = schema(type, use, place);
        return use.isNullable() ? nullable(schema) : schema;
    }

    private static JavaType optional(JavaType type, Place place) {
        if (JsonNode.class.isAssignableFrom(type.getContentType().getRawClass())) {
            throw place.fault(
                    "Jackson reads an absent Optional of JSON as JSON's null", "Use @Nullable instead of Optional.");
        }
        return type.getContentType();
    }

    private static ObjectNode nullable(ObjectNode schema) {
        JsonNode type = schema.get("type");
        if (schema.isEmpty()) {
            return schema;
        }
        if (type != null && type.isTextual()) {
            ArrayNode types = Json.MAPPER.createArrayNode().add(type).add("null");
            schema.set("type", types);
            if (schema.get("enum") instanceof ArrayNode values) {
                values.addNull();
            }
            return schema;
        }
        ObjectNode either = Json.object();
        either.putArray("anyOf").add(schema).add(Json.object().put("type", "null"));
        return either;
    }

    /** Returns the schema of an object, or a reference to it if it contains itself. */
    private ObjectNode object(JavaType type, Place place) {
        if (open.contains(type) || names.containsKey(type)) {
            return reference(type);
        }
        Expansion.check(type, open, place);
        open.add(type);
        ObjectNode schema = bean(type, place);
        open.remove(type);
        String name = names.get(type);
        if (name == null) {
            return schema;
        }
        definitions.set(name, schema);
        return reference(type);
    }

    private ObjectNode reference(JavaType type) {
        return Json.object()
                .put("$ref", type.equals(root) ? "#" : "#/$defs/" + names.computeIfAbsent(type, this::newName));
    }

    private String newName(JavaType type) {
        String simple = type.getRawClass().getSimpleName();
        String name = simple;
        for (int i = 2; names.containsValue(name); i++) {
            name = simple + i;
        }
        return name;
    }

    private ObjectNode bean(JavaType type, Place place) {
        Annotations.check(type.getRawClass(), side.direction(), place);
        Subtypes subtypes = side.subtypes(type, place);
        if (subtypes != null) {
            return oneOf(subtypes, place);
        }
        Side.Substitute substitute = side.substitute(type, place);
        if (substitute == null) {
            return members(type, place);
        }
        ObjectNode schema = schema(substitute.type(), substitute.use(), place);
        return side.direction() == Direction.RESULTS && substitute.use().isNullable() ? nullable(schema) : schema;
    }

    private ObjectNode oneOf(Subtypes subtypes, Place place) {
        ObjectNode schema = Json.object().put("type", "object");
        ArrayNode alternatives = schema.putArray("oneOf");
        subtypes.byName().forEach((name, type) -> {
            Annotations.check(type.getRawClass(), side.direction(), place);
            if (side.substitute(type, place) != null) {
                throw place.fault(
                        type.getRawClass().getName() + " is not an object with members, so it cannot hold its name",
                        "Use a record without @JsonValue and a delegating @JsonCreator.");
            }
            ObjectNode members = members(type, place);
            subtypes.check(name, type, members, side.direction(), place);
            alternatives.add(subtypes.wrapped() ? wrapped(name, members) : named(subtypes.property(), name, members));
        });
        return alternatives.size() == 1 ? (ObjectNode) alternatives.get(0) : schema;
    }

    private ObjectNode wrapped(String name, ObjectNode members) {
        ObjectNode wrapper = Json.object().put("type", "object");
        wrapper.putObject("properties").set(name, members);
        wrapper.putArray("required").add(name);
        return close(wrapper);
    }

    private static ObjectNode named(String property, String name, ObjectNode members) {
        ObjectNode schema = Json.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject(property).put("const", name);
        members.get("properties")
                .properties()
                .forEach(other -> properties.putIfAbsent(other.getKey(), other.getValue()));
        ArrayNode required = schema.putArray("required").add(property);
        members.path("required").forEach(other -> {
            if (!other.textValue().equals(property)) {
                required.add(other);
            }
        });
        if (members.has("additionalProperties")) {
            schema.set("additionalProperties", members.get("additionalProperties"));
        }
        return schema;
    }

    private ObjectNode close(ObjectNode object) {
        return side.direction() == Direction.ARGUMENTS ? object.put("additionalProperties", false) : object;
    }

    private ObjectNode members(JavaType type, Place place) {
        ObjectNode schema = Json.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = Json.MAPPER.createArrayNode();
        for (Member member : side.members(type, place)) {
            Place here = place.component(type.getRawClass(), member.name());
            Constraints own = member.field() == null ? Constraints.NONE : constraints.apply(member.field());
            boolean optional = OPTIONALS.contains(member.type().getRawClass());
            boolean nullable = member.use().isNullable();
            ObjectNode property = optional
                    ? schema(optional(member.type(), here), member.use().argument(0), here)
                    : schema(member.type(), member.use(), here);
            if (member.hasNull() && (optional || nullable)) {
                property = nullable(property);
            }
            properties.set(member.name(), Attributes.apply(own, property, member.type(), side.direction(), here));
            boolean needed = member.required() || (!optional && !nullable);
            if (needed && !own.hasDefault() && !member.mayBeLeftOut()) {
                required.add(member.name());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return close(schema);
    }
}
