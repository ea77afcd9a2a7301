package io.qicore.mcp.kafka.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Contents with an Avro schema. */
record AvroSchemas(Schema schema) implements WireSchema {

    /**
     * Parses a schema.
     *
     * @param references the schemas that it refers to, each after those that it refers to itself
     */
    static AvroSchemas parse(String text, List<String> references) throws UndecodableException {
        // Lenient: the registry has accepted the schema, and producers use it.
        Schema.Parser parser = new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
        try {
            for (String reference : references) {
                parser.parse(reference);
            }
            return new AvroSchemas(parser.parse(text));
        } catch (AvroRuntimeException e) {
            throw new UndecodableException("Its Avro schema cannot be parsed.", e);
        }
    }

    @Override
    public String type() {
        return "AVRO";
    }

    @Override
    public @Nullable String name(List<Integer> indexes) {
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> schema.getFullName();
            default -> null;
        };
    }

    @Override
    public JsonNode decode(byte[] bytes, int from, List<Integer> indexes) throws UndecodableException {
        return new AvroReader(bytes, from).read(schema);
    }

    @Override
    public byte[] encode(JsonNode value, List<Integer> indexes) throws RefusedException {
        return new AvroWriter().write(schema, value);
    }
}
