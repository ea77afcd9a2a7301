package io.qicore.mcp.internal.http;

import java.time.Duration;

/**
 * How much memory messages may take up while they are transferred, and how slow clients may be. Thread-safe.
 *
 * @param budget the memory for the messages of one transport
 * @param timeout how long a client may send or read nothing, and how long it may be slower than the least rate
 * @param minBytesPerSecond the least rate
 */
public record Transfers(ByteBudget budget, Duration timeout, int minBytesPerSecond) {

    /** The default of {@link #timeout}. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

    /** The default of {@link #minBytesPerSecond}: 4 KiB. */
    public static final int DEFAULT_MIN_BYTES_PER_SECOND = 4 << 10;

    /** Returns whether a client is too slow that has sent or read a number of bytes in the given time. */
    boolean tooSlow(long bytes, long nanos) {
        long late = nanos - timeout.toNanos();
        return late > 0 && bytes < late / 1e9 * minBytesPerSecond;
    }

    /** Returns whether a client has taken too long for all of a number of bytes. */
    boolean tooLong(long bytes, long nanos) {
        return nanos - timeout.toNanos() > bytes * 1e9 / minBytesPerSecond;
    }
}
