package io.qicore.mcp.tool;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinition.AttributeInclusion;
import com.github.victools.jsonschema.generator.CustomDefinition.DefinitionType;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.resource.DisallowSchemaLoader;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Generates JSON Schemas (2020-12) from records and compiles validators. Thread-safe. */
final class Schemas {

    private static final SchemaGenerator ARGUMENTS = generator(true);
    private static final SchemaGenerator RESULTS = generator(false);

    // Schemas may not load other documents, so a $ref to the network is rejected.
    private static final JsonSchemaFactory VALIDATORS =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012, builder -> builder.metaSchema(metaSchema())
                    .schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));
    private static final SchemaValidatorsConfig VALIDATION = SchemaValidatorsConfig.builder()
            .formatAssertionsEnabled(true)
            .locale(Locale.ENGLISH)
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

    /** Returns the schema of a record of arguments: an object that does not allow additional members. */
    static ObjectNode forArguments(Class<?> type) {
        return generate(ARGUMENTS, type);
    }

    /** Returns the schema of a record of results: an object that allows additional members, for later versions. */
    static ObjectNode forResult(Class<?> type) {
        return generate(RESULTS, type);
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
     * Compiles a validator, which is thread-safe and reusable.
     *
     * @throws IllegalArgumentException if the schema cannot be compiled, for example because it refers to another
     *     document
     */
    static JsonSchema compile(ObjectNode schema) {
        try {
            JsonSchema compiled = VALIDATORS.getSchema(schema, VALIDATION);
            compiled.initializeValidators();
            return compiled;
        } catch (JsonSchemaException e) {
            throw new IllegalArgumentException(
                    "The schema of a tool must not refer to another document; a $ref in it must start with '#': "
                            + e.getMessage(),
                    e);
        }
    }

    private static ObjectNode generate(SchemaGenerator generator, Class<?> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(
                    type.getName() + " is not a record. Use a record for the arguments and the result of a tool.");
        }
        ObjectNode schema = generator.generateSchema(type);
        if (!schema.has("properties")) {
            schema.putObject("properties");
        }
        // The generator keeps default values as opaque objects. Writing and parsing the schema turns them into JSON.
        try {
            JsonNode json = Json.MAPPER.readTree(Json.MAPPER.writeValueAsBytes(schema));
            mergeParts(json);
            return (ObjectNode) json;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Merges the parts of an {@code allOf} into one schema, unless they contradict each other. The generator writes a
     * map with attributes as an {@code allOf} of its type and its attributes.
     */
    private static void mergeParts(JsonNode schema) {
        schema.forEach(Schemas::mergeParts);
        if (schema instanceof ObjectNode object && object.path("allOf").isArray()) {
            ObjectNode merged = object.deepCopy().without("allOf");
            for (JsonNode part : object.get("allOf")) {
                for (Map.Entry<String, JsonNode> member : part.properties()) {
                    JsonNode other = merged.putIfAbsent(member.getKey(), member.getValue());
                    if (other != null && !other.equals(member.getValue())) {
                        return;
                    }
                }
            }
            object.removeAll().setAll(merged);
        }
    }

    private static SchemaGenerator generator(boolean rejectsUnknown) {
        var builder = new SchemaGeneratorConfigBuilder(
                        Json.MAPPER, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .without(Option.SCHEMA_VERSION_INDICATOR, Option.FLATTENED_OPTIONALS)
                .with(Option.INLINE_ALL_SCHEMAS, Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES);
        if (rejectsUnknown) {
            builder.with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT);
        }
        // Keeps the components in order; JSON of any shape gets a schema that allows everything.
        builder.forTypesInGeneral()
                .withPropertySorter((first, second) -> 0)
                .withCustomDefinitionProvider((type, context) -> anyJson(type));
        builder.forFields()
                .withTargetTypeOverridesResolver(Schemas::unwrapOptional)
                .withNullableCheck(field -> false)
                .withRequiredCheck(Schemas::isRequired)
                .withDescriptionResolver(field -> annotation(field)
                        .map(Schema::value)
                        .filter(s -> !s.isEmpty())
                        .orElse(null))
                .withDefaultResolver(field -> annotation(field)
                        .map(Schema::defaultValue)
                        .filter(s -> !s.isEmpty())
                        .map(text -> literal(text, isText(field)))
                        .orElse(null))
                .withNumberInclusiveMinimumResolver(field -> annotation(field)
                        .map(Schema::minimum)
                        .filter(n -> n != Long.MIN_VALUE)
                        .map(BigDecimal::valueOf)
                        .orElse(null))
                .withNumberInclusiveMaximumResolver(field -> annotation(field)
                        .map(Schema::maximum)
                        .filter(n -> n != Long.MAX_VALUE)
                        .map(BigDecimal::valueOf)
                        .orElse(null))
                .withStringMinLengthResolver(field -> isText(field) ? minLength(field) : null)
                .withStringMaxLengthResolver(field -> isText(field) ? maxLength(field) : null)
                .withArrayMinItemsResolver(field -> isText(field) ? null : minLength(field))
                .withArrayMaxItemsResolver(field -> isText(field) ? null : maxLength(field))
                .withStringPatternResolver(field -> annotation(field)
                        .map(Schema::pattern)
                        .filter(s -> !s.isEmpty())
                        .orElse(null))
                .withEnumResolver(field -> annotation(field)
                        .map(Schema::allowed)
                        .filter(a -> a.length > 0)
                        .<Collection<?>>map(Arrays::asList)
                        .orElse(null));
        return new SchemaGenerator(builder.build());
    }

    private static @Nullable List<ResolvedType> unwrapOptional(FieldScope field) {
        ResolvedType type = field.getType();
        return type != null && type.getErasedType() == Optional.class
                ? List.of(type.getTypeParameters().get(0))
                : null;
    }

    private static @Nullable CustomDefinition anyJson(ResolvedType type) {
        Class<?> erased = type.getErasedType();
        if (ObjectNode.class == erased) {
            return new CustomDefinition(
                    Json.object().put("type", "object"), DefinitionType.INLINE, AttributeInclusion.NO);
        }
        return JsonNode.class.isAssignableFrom(erased) || Object.class == erased
                ? new CustomDefinition(Json.object(), DefinitionType.INLINE, AttributeInclusion.NO)
                : null;
    }

    private static boolean isText(FieldScope field) {
        return CharSequence.class.isAssignableFrom(field.getType().getErasedType());
    }

    private static boolean isRequired(FieldScope field) {
        return field.getDeclaredType().getErasedType() != Optional.class
                && annotation(field).map(Schema::defaultValue).orElse("").isEmpty()
                && !field.getRawMember().getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static @Nullable Integer minLength(FieldScope field) {
        return annotation(field).map(Schema::minLength).filter(n -> n > 0).orElse(null);
    }

    private static @Nullable Integer maxLength(FieldScope field) {
        return annotation(field)
                .map(Schema::maxLength)
                .filter(n -> n < Integer.MAX_VALUE)
                .orElse(null);
    }

    private static Optional<Schema> annotation(FieldScope field) {
        // The annotation applies to the component itself, not to the items of a list or the values of a map.
        return field.isFakeContainerItemScope()
                ? Optional.empty()
                : Optional.ofNullable(field.getRawMember().getAnnotation(Schema.class));
    }

    private static JsonNode literal(String text, boolean wantsText) {
        try {
            JsonNode json = Json.MAPPER.readTree(text);
            return wantsText && !json.isTextual() ? TextNode.valueOf(text) : json;
        } catch (JsonProcessingException notJson) {
            return TextNode.valueOf(text);
        }
    }
}
