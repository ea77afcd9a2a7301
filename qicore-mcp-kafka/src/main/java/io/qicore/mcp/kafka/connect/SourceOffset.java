package io.qicore.mcp.kafka.connect;

import io.qicore.mcp.kafka.source.SourcePosition;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Connect stores as the offset of a source: its position, and how much was written up to there. Connect has no other place where
 * a task can leave its metrics. Immutable.
 *
 * @param position where the source goes on
 * @param records records of the source before the position
 * @param bytes bytes of their keys and values
 * @param time when the last of them was read; null before the first one
 */
public record SourceOffset(
        SourcePosition position,
        long records,
        long bytes,
        @Nullable Instant time) {

    private static final String OWN_PREFIX = "qicore.";
    private static final String RECORDS = OWN_PREFIX + "records";
    private static final String BYTES = OWN_PREFIX + "bytes";
    private static final String TIME = OWN_PREFIX + "time";

    /** Returns the offset of a source that has not delivered a record. */
    public static SourceOffset start(SourcePosition position) {
        return new SourceOffset(position, 0, 0, null);
    }

    /**
     * Returns a stored offset.
     *
     * @throws IllegalArgumentException if a value is not one of those that {@link #values} returns
     */
    public static SourceOffset of(Map<String, ?> values) {
        Map<String, Object> position = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (!name.startsWith(OWN_PREFIX)) {
                position.put(name, value);
            }
        });
        Object time = values.get(TIME);
        return new SourceOffset(
                new SourcePosition(position),
                count(values, RECORDS),
                count(values, BYTES),
                time instanceof Number millis ? Instant.ofEpochMilli(millis.longValue()) : null);
    }

    /** Returns the partition under which the connector of a name stores its offset. */
    public static Map<String, String> partition(String connector) {
        return Map.of("source", connector);
    }

    /** Returns the offset after one more record. */
    public SourceOffset after(SourcePosition next, int size, Instant now) {
        return new SourceOffset(next, records + 1, bytes + size, now);
    }

    /** Returns the values to store. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>(position.values());
        values.put(RECORDS, records);
        values.put(BYTES, bytes);
        if (time != null) {
            values.put(TIME, time.toEpochMilli());
        }
        return values;
    }

    private static long count(Map<String, ?> values, String name) {
        return values.get(name) instanceof Number number ? Math.max(number.longValue(), 0) : 0;
    }
}
