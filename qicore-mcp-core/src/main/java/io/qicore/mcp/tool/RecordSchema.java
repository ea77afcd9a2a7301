package io.qicore.mcp.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/**
 * The JSON Schema of a record, for JSON that does not come as the arguments of a tool, such as an object inside of them whose
 * form depends on a name. The schema is made, and the JSON is read, as it is for the arguments of a tool: {@link Schema} gives
 * meanings, defaults and bounds, and members that the record does not have are refused.
 *
 * <pre>{@code
 * record Polling(@Schema("Where to ask") String url, @Schema(value = "Seconds between requests", defaultValue = "5") int every) {}
 *
 * RecordSchema<Polling> schema = RecordSchema.of("the config of type 'polling'", Polling.class);
 * Polling polling = schema.read(json);
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 *
 * @param <T> the record
 */
public final class RecordSchema<T extends Record> {

    private final ObjectNode schema;
    private final ArgumentReader<T> reader;

    private RecordSchema(String name, Class<T> type) {
        this.schema = Schemas.forArguments(type);
        this.reader = new ArgumentReader<>(name, schema, type);
    }

    /**
     * Makes the schema of a record and compiles its validator, which takes milliseconds.
     *
     * @param name what the JSON is called in error messages
     * @throws IllegalArgumentException if a component of the record has no schema; names the component
     */
    public static <T extends Record> RecordSchema<T> of(String name, Class<T> type) {
        return new RecordSchema<>(Objects.requireNonNull(name, "name"), Objects.requireNonNull(type, "type"));
    }

    /** Returns a copy of the schema (JSON Schema 2020-12), an object. */
    public ObjectNode schema() {
        return schema.deepCopy();
    }

    /**
     * Fills in the defaults, validates and reads the JSON. A null counts as absent if the member is optional.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT}, which names the members that are wrong
     */
    public T read(ObjectNode json) {
        return reader.read(Objects.requireNonNull(json, "json"));
    }
}
