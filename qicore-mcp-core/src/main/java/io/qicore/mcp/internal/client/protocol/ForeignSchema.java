package io.qicore.mcp.internal.client.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import io.qicore.mcp.internal.log.LogText;
import io.qicore.mcp.internal.schema.EcmaPattern;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A schema that a server has sent, and that must not make this JVM load documents, recurse or search without end. Immutable,
 * thread-safe.
 */
public final class ForeignSchema {

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));

    /** How many characters a pattern may look at; one that backtracks without end looks at the same ones again and again. */
    private static final int MAX_LOOKS = 10_000_000;

    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .locale(Locale.ENGLISH)
            .losslessNarrowing(true)
            .regularExpressionFactory(expression -> {
                Pattern pattern = EcmaPattern.compile(expression);
                return text -> pattern.matcher(new Watched(text, new int[1])).find();
            })
            .build();

    private final JsonSchema schema;

    private ForeignSchema(JsonSchema schema) {
        this.schema = schema;
    }

    /**
     * Compiles a schema.
     *
     * @throws IllegalArgumentException if it is not a schema that can be used
     */
    public static ForeignSchema of(ObjectNode schema) {
        try {
            JsonSchema compiled = FACTORY.getSchema(schema, CONFIG);
            compiled.initializeValidators();
            return new ForeignSchema(compiled);
        } catch (JsonSchemaException | IllegalArgumentException e) {
            throw new IllegalArgumentException(LogText.of(e.getMessage()), e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("it refers to itself without end", e);
        }
    }

    /**
     * Returns what does not match, with its place; empty if all does.
     *
     * @throws IllegalArgumentException if the schema cannot be used for the value
     */
    public Optional<String> fault(JsonNode value) {
        try {
            Set<ValidationMessage> faults = schema.validate(value);
            return faults.stream().findFirst().map(fault -> LogText.of(fault.getMessage()));
        } catch (JsonSchemaException | IllegalArgumentException e) {
            throw new IllegalArgumentException(LogText.of(e.getMessage()), e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("it refers to itself without end", e);
        }
    }

    /** A text that counts how often it is looked at. */
    private record Watched(CharSequence text, int[] looks) implements CharSequence {

        @Override
        public char charAt(int index) {
            if (++looks[0] > MAX_LOOKS) {
                throw new IllegalArgumentException("a pattern takes too long");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Watched(text.subSequence(start, end), looks);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
