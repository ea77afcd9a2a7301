package io.qicore.mcp.kafka.source;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record that a source delivers. The arrays are not copied; nobody may change them.
 *
 * @param key records with the same key go to the same partition, in their order; null for a record without a key
 * @param value null for a tombstone
 * @param headers in their order, often empty
 * @param time the timestamp of the record in Kafka, from 1970 on; null for the time when it is sent. A topic's retention deletes
 *     records by it
 */
public record SourceRecord(
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers,
        @Nullable Instant time) {

    private static final Instant LAST_TIME = Instant.ofEpochMilli(Long.MAX_VALUE);

    /**
     * Copies the headers.
     *
     * @throws IllegalArgumentException if the time is one that no record of Kafka can have
     */
    public SourceRecord {
        headers = List.copyOf(headers);
        if (time != null && (time.isBefore(Instant.EPOCH) || time.isAfter(LAST_TIME))) {
            throw new IllegalArgumentException(
                    "A record of Kafka cannot have the time " + time + ": it begins in 1970");
        }
    }

    /** Returns a record with a text as its key, without headers, with the time when it is sent. */
    public static SourceRecord of(@Nullable String key, byte[] value) {
        return new SourceRecord(key == null ? null : key.getBytes(StandardCharsets.UTF_8), value, List.of(), null);
    }

    /** Returns the bytes of the key and the value. */
    public int size() {
        return (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }
}
