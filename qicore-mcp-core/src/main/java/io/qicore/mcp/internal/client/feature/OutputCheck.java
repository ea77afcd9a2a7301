package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.internal.log.LogText;
import io.qicore.mcp.internal.schema.EcmaPattern;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks structured results against the output schemas of their tools. Thread-safe. */
final class OutputCheck {

    private static final int MAX_SCHEMAS = 1_000;

    // A schema of a server must not make this JVM load documents.
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));

    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .locale(Locale.ENGLISH)
            .losslessNarrowing(true)
            .regularExpressionFactory(expression -> {
                Pattern pattern = EcmaPattern.compile(expression);
                return text -> pattern.matcher(text).find();
            })
            .build();

    private final Map<ObjectNode, JsonSchema> compiled = new ConcurrentHashMap<>();

    /**
     * Checks a result.
     *
     * @throws MCPConnectionException if it does not match the schema, or the schema cannot be used
     */
    void check(ToolDescription tool, @Nullable JsonNode structured) {
        ObjectNode schema = tool.outputSchema();
        if (schema == null) {
            return;
        }
        String name = LogText.of(tool.name());
        if (structured == null) {
            throw new MCPConnectionException(
                    "The result of " + name + " has no structured value, although the tool has an output schema.",
                    null);
        }
        Set<ValidationMessage> faults;
        try {
            faults = schemaOf(schema).validate(structured);
        } catch (JsonSchemaException | IllegalArgumentException e) {
            throw new MCPConnectionException(
                    "The result of " + name + " cannot be checked, because its output schema cannot be used: "
                            + LogText.of(e.getMessage()),
                    e);
        }
        if (!faults.isEmpty()) {
            throw new MCPConnectionException(
                    "The result of " + name + " does not match its output schema: "
                            + LogText.of(faults.iterator().next().getMessage()) + ".",
                    null);
        }
    }

    private JsonSchema schemaOf(ObjectNode schema) {
        JsonSchema known = compiled.get(schema);
        if (known != null) {
            return known;
        }
        JsonSchema made = FACTORY.getSchema(schema, CONFIG);
        made.initializeValidators();
        if (compiled.size() < MAX_SCHEMAS) {
            compiled.put(schema, made);
        }
        return made;
    }
}
