package io.qicore.mcp.kafka.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a source goes on: a few values by name, such as {@code {"line": 120}}. Only the source knows their meaning. A runtime
 * keeps the position of the last record that Kafka has acknowledged, together with all records before it; agents see it and can
 * start another producer there. The values are those that Kafka Connect can store as a source offset. Immutable.
 *
 * @param values texts, whole numbers (as {@link Long}) and booleans; empty for the start
 */
public record SourcePosition(Map<String, Object> values) {

    /** The position of a source that has not delivered a record. */
    public static final SourcePosition START = new SourcePosition(Map.of());

    /**
     * Copies the values.
     *
     * @throws IllegalArgumentException if a value has another type
     */
    public SourcePosition {
        Map<String, Object> copy = new LinkedHashMap<>();
        values.forEach((name, value) -> copy.put(name, plain(name, value)));
        values = Collections.unmodifiableMap(copy);
    }

    /** Returns a position with one number. */
    public static SourcePosition of(String name, long value) {
        return new SourcePosition(Map.of(name, value));
    }

    /**
     * Returns the position that a JSON object describes.
     *
     * @throws io.qicore.mcp.tool.MCPToolError if a value is not a text, a whole number or a boolean; the error names it
     */
    public static SourcePosition read(ObjectNode json) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            JsonNode value = entry.getValue();
            if (value.isTextual()) {
                values.put(entry.getKey(), value.textValue());
            } else if (value.isBoolean()) {
                values.put(entry.getKey(), value.booleanValue());
            } else if (value.isIntegralNumber() && value.canConvertToLong()) {
                values.put(entry.getKey(), value.longValue());
            } else {
                throw wrong(entry.getKey(), "must be a text, a whole number or a boolean");
            }
        }
        return new SourcePosition(values);
    }

    /** Returns whether the source has not delivered a record. */
    public boolean isStart() {
        return values.isEmpty();
    }

    /**
     * Returns a number that is not negative; empty if the position does not have it.
     *
     * @throws io.qicore.mcp.tool.MCPToolError if it is something else: agents can pass any position
     */
    public OptionalLong findCount(String name) {
        Object value = values.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Long number && number >= 0) {
            return OptionalLong.of(number);
        }
        throw wrong(name, "must be a whole number that is not negative");
    }

    /**
     * Returns a number that is not negative.
     *
     * @throws io.qicore.mcp.tool.MCPToolError if the position does not have it, or it is something else
     */
    public long count(String name) {
        return findCount(name).orElseThrow(() -> wrong(name, "is missing"));
    }

    /** Returns the error for a value that the source cannot go on from. */
    public static RuntimeException wrong(String name, String reason) {
        return SourceErrors.invalid(
                "position." + name,
                reason
                        + ": pass the position as get_producer_status returned it, or leave it out to begin at the start");
    }

    private static Object plain(String name, @Nullable Object value) {
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof String || value instanceof Long || value instanceof Boolean) {
            return value;
        }
        throw new IllegalArgumentException("The value '" + name
                + "' of a position must be a text, a whole number or a boolean, not " + value + ".");
    }
}
