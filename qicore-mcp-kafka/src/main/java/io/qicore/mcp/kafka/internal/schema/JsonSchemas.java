package io.qicore.mcp.kafka.internal.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.SpecVersionDetector;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import io.qicore.mcp.kafka.internal.content.JsonTrees;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Contents with a JSON Schema, which are JSON themselves. */
record JsonSchemas(JsonNode schema, Map<String, String> references) implements WireSchema {

    private static final int MAX_FAULTS = 5;

    /**
     * Parses a schema.
     *
     * @param references the schemas that it refers to, by their names
     */
    static JsonSchemas parse(String text, Map<String, String> references) throws UndecodableException {
        try {
            return new JsonSchemas(JsonTrees.read(text), Map.copyOf(references));
        } catch (JsonProcessingException e) {
            throw new UndecodableException("Its JSON Schema cannot be parsed.", e);
        }
    }

    @Override
    public String type() {
        return "JSON";
    }

    @Override
    public @Nullable String name(List<Integer> indexes) {
        JsonNode title = schema.path("title");
        return title.isTextual() ? title.textValue() : null;
    }

    @Override
    public JsonNode decode(byte[] bytes, int from, List<Integer> indexes) throws UndecodableException {
        try {
            JsonNode tree = JsonTrees.read(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
            if (tree.isMissingNode()) {
                throw new UndecodableException("It is empty, and not JSON.", null);
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new UndecodableException("It has a JSON Schema and is not JSON.", e);
        }
    }

    @Override
    public byte[] encode(JsonNode value, List<Integer> indexes) throws RefusedException, UndecodableException {
        var faults = faults(value);
        if (!faults.isEmpty()) {
            throw new RefusedException(
                    "The value does not fit the JSON Schema: "
                            + faults.stream()
                                    .limit(MAX_FAULTS)
                                    .map(ValidationMessage::getMessage)
                                    .collect(Collectors.joining("; "))
                            + ".",
                    null);
        }
        return JsonTrees.write(value).getBytes(StandardCharsets.UTF_8);
    }

    private Set<ValidationMessage> faults(JsonNode value) throws UndecodableException {
        try {
            var version =
                    SpecVersionDetector.detectOptionalVersion(schema, false).orElse(SpecVersion.VersionFlag.V7);
            JsonSchema validator = JsonSchemaFactory.getInstance(
                            version,
                            // References are those of the registry. Nothing is read from elsewhere.
                            builder -> builder.schemaLoaders(
                                    loaders -> loaders.schemas(references).add(DisallowSchemaLoader.getInstance())))
                    .getSchema(schema);
            return validator.validate(value);
        } catch (JsonSchemaException e) {
            throw new UndecodableException("The JSON Schema of the topic cannot be used.", e);
        }
    }
}
