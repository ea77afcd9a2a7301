package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.resource.DisallowSchemaLoader;
import io.qicore.mcp.internal.schema.Constraints;
import io.qicore.mcp.internal.schema.Direction;
import io.qicore.mcp.internal.schema.EcmaPattern;
import io.qicore.mcp.internal.schema.SchemaGenerator;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.StreamSupport;

/** Generates JSON Schemas (2020-12) from records and compiles validators. Thread-safe. */
final class Schemas {

    /** The keywords whose members are schemas by a name that the author chose. */
    private static final Set<String> SCHEMAS_BY_NAME =
            Set.of("properties", "patternProperties", "$defs", "dependentSchemas");

    /** The keywords whose values are not schemas. */
    private static final Set<String> VALUES = Set.of("default", "const", "enum", "examples");

    // Schemas may not load other documents, so a $ref to the network is rejected.
    private static final JsonSchemaFactory VALIDATORS =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012, builder -> builder.metaSchema(metaSchema())
                    .schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));
    private static final SchemaValidatorsConfig VALIDATION = SchemaValidatorsConfig.builder()
            .formatAssertionsEnabled(true)
            .locale(Locale.ENGLISH)
            // 1.0 is an integer in JSON Schema.
            .losslessNarrowing(true)
            .regularExpressionFactory(expression -> {
                Pattern pattern = EcmaPattern.compile(expression);
                return text -> pattern.matcher(text).find();
            })
            .build();
    private static final JsonSchema META_SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SchemaLocation.of(SpecVersion.VersionFlag.V202012.getId()));

    private Schemas() {}

    /** Returns the standard meta-schema, but accepts unknown keywords; the library would log a warning for each. */
    private static JsonMetaSchema metaSchema() {
        return JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                .unknownKeywordFactory((keyword, context) -> new NonValidationKeyword(keyword))
                .build();
    }

    /**
     * Returns the schema of a record of arguments: an object that does not allow additional members.
     *
     * @throws IllegalArgumentException if the type is not a record, or if a component has no schema; names the component
     */
    static ObjectNode forArguments(Class<?> type) {
        return SchemaGenerator.generate(type, Direction.ARGUMENTS, Schemas::constraints);
    }

    /**
     * Returns the schema of a record of results: an object that allows additional members, for later versions.
     *
     * @throws IllegalArgumentException if the type is not a record, or if a component has no schema; names the component
     */
    static ObjectNode forResult(Class<?> type) {
        return SchemaGenerator.generate(type, Direction.RESULTS, Schemas::constraints);
    }

    /**
     * Validates a hand-written schema and returns a copy of it.
     *
     * @throws IllegalArgumentException if its root is not an object schema, or if it is not a valid JSON Schema
     */
    static ObjectNode checked(JsonNode schema) {
        if (!(schema instanceof ObjectNode object)
                || !"object".equals(object.path("type").textValue())) {
            throw new IllegalArgumentException(
                    "The schema of a tool must be a JSON object with \"type\": \"object\" at its root.");
        }
        var faults = META_SCHEMA.validate(object);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    "Not a valid JSON Schema (2020-12): " + faults.iterator().next());
        }
        return object.deepCopy();
    }

    /**
     * Compiles a validator, which is thread-safe and reusable. Checks that each pattern is a regular expression, that
     * each default value matches the schema of its property, and that one of its allowed values does.
     *
     * @throws IllegalArgumentException if one does not, with the name of the property; or if the schema cannot be compiled,
     *     for example because it refers to another document
     */
    static JsonSchema compile(ObjectNode schema) {
        checkPatterns(schema, "");
        try {
            JsonSchema compiled = VALIDATORS.getSchema(schema, VALIDATION);
            compiled.initializeValidators();
            checkValues(schema, compiled, new JsonNodePath(PathType.JSON_POINTER), "");
            return compiled;
        } catch (JsonSchemaException e) {
            throw new IllegalArgumentException(
                    "The schema of a tool must not refer to another document; a $ref in it must start with '#': "
                            + e.getMessage(),
                    e);
        }
    }

    private static void checkPatterns(JsonNode schema, String path) {
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (name.equals("pattern") && value.isTextual()) {
                checkPattern(value.textValue(), path);
            } else if (name.equals("patternProperties")) {
                value.fieldNames().forEachRemaining(pattern -> checkPattern(pattern, path));
            }
            if (SCHEMAS_BY_NAME.contains(name)) {
                value.properties()
                        .forEach(property -> checkPatterns(
                                property.getValue(),
                                path.isEmpty() ? property.getKey() : path + "." + property.getKey()));
            } else if (!VALUES.contains(name)) {
                if (value.isArray()) {
                    value.forEach(part -> checkPatterns(part, path));
                } else {
                    checkPatterns(value, path);
                }
            }
        }
    }

    private static void checkPattern(String pattern, String path) {
        try {
            EcmaPattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    named(path) + " has the pattern " + pattern + ", which is not a regular expression: "
                            + e.getDescription() + ". Correct it, and escape what is meant literally.",
                    e);
        }
    }

    private static void checkValues(JsonNode schema, JsonSchema compiled, JsonNodePath pointer, String path) {
        JsonNode values = schema.path("enum");
        if (!values.isEmpty()
                && StreamSupport.stream(values.spliterator(), false)
                        .filter(value -> !value.isNull())
                        .noneMatch(value ->
                                compiled.getSubSchema(pointer).validate(value).isEmpty())) {
            throw new IllegalArgumentException(named(path) + " allows the values " + values
                    + ", each of which its own schema refuses. Correct one of them.");
        }
        JsonNode value = schema.get("default");
        if (value != null) {
            var faults = compiled.getSubSchema(pointer).validate(value);
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException(named(path) + " has the default value " + value
                        + ", which its own schema refuses: " + faults.iterator().next() + ". Correct one of them.");
            }
        }
        schema.path("properties").properties().forEach(property -> {
            String name = property.getKey();
            checkValues(
                    property.getValue(),
                    compiled,
                    pointer.append("properties").append(name),
                    path.isEmpty() ? name : path + "." + name);
        });
        if (schema.path("items").isObject()) {
            checkValues(schema.get("items"), compiled, pointer.append("items"), path + "[]");
        }
        if (schema.path("additionalProperties").isObject()) {
            checkValues(
                    schema.get("additionalProperties"), compiled, pointer.append("additionalProperties"), path + "{}");
        }
        schema.path("$defs")
                .properties()
                .forEach(definition -> checkValues(
                        definition.getValue(),
                        compiled,
                        pointer.append("$defs").append(definition.getKey()),
                        definition.getKey()));
    }

    private static String named(String path) {
        return path.isEmpty() ? "The schema" : "Component '" + path + "'";
    }

    private static Constraints constraints(AnnotatedElement field) {
        Schema own = field.getAnnotation(Schema.class);
        return own == null
                ? Constraints.NONE
                : new Constraints(
                        own.value(),
                        own.defaultValue(),
                        own.minimum(),
                        own.maximum(),
                        own.minLength(),
                        own.maxLength(),
                        own.pattern(),
                        List.of(own.allowed()));
    }
}
