package io.qicore.mcp.internal.log;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits how often an event is logged in full. Clients can cause some events as often as they want, and could fill the disk
 * otherwise. Thread-safe.
 */
public final class LogLimit {

    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final int most;
    private final LongSupplier clock;
    private long windowStart;
    private int allowed;

    /** Creates a limit of a number of events in 10 seconds. */
    public LogLimit(int most) {
        this(most, System::nanoTime);
    }

    LogLimit(int most, LongSupplier clock) {
        this.most = most;
        this.clock = clock;
        this.windowStart = clock.getAsLong();
    }

    /** Returns whether to log an event in full. */
    public synchronized boolean allows() {
        long now = clock.getAsLong();
        if (now - windowStart >= WINDOW.toNanos()) {
            windowStart = now;
            allowed = 0;
        }
        if (allowed == most) {
            return false;
        }
        allowed++;
        return true;
    }
}
