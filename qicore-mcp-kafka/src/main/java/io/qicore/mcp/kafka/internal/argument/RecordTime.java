package io.qicore.mcp.kafka.internal.argument;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the timestamps of records. */
public final class RecordTime {

    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private RecordTime() {}

    /**
     * Returns a timestamp as a time; null if there is none. Results have no times from the year 10000 on, because they cannot be
     * written as RFC 3339. A producer that counts in microseconds makes such timestamps.
     *
     * @param timestamp milliseconds since 1970; negative for none
     */
    public static @Nullable Instant of(long timestamp) {
        Instant time = Instant.ofEpochMilli(timestamp);
        return timestamp < 0 || !time.isBefore(END) ? null : time;
    }
}
