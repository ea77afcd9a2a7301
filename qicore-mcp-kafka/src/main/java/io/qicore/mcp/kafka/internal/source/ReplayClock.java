package io.qicore.mcp.kafka.internal.source;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Computes when records are due that follow each other as their times say, or by a factor faster. Used by one thread. */
final class ReplayClock {

    // After a longer delay, such as a pause, the time goes on from now: the missed records would come as a burst.
    private static final long MAX_BEHIND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final double speed;
    private @Nullable Instant firstTime;
    private long firstNanos;
    private long due;

    ReplayClock(double speed) {
        this.speed = speed;
    }

    /** Takes the time of the next record. The first one is due at once. */
    void next(Instant time, long now) {
        due = dueAt(time, now);
        if (now - due > MAX_BEHIND_NANOS) {
            firstTime = null;
            due = dueAt(time, now);
        }
    }

    /** Returns how long it takes until the record is due; 0 or less if it is. */
    long nanosUntilDue(long now) {
        return due - now;
    }

    private long dueAt(Instant time, long now) {
        Instant first = firstTime;
        if (first == null) {
            firstTime = time;
            firstNanos = now;
            return now;
        }
        // Computed in seconds, because nanoseconds of centuries do not fit into a long.
        Duration since = Duration.between(first, time);
        double seconds = (since.getSeconds() + since.getNano() / 1e9) / speed;
        return firstNanos + (long) Math.min(seconds * 1e9, Long.MAX_VALUE / 4);
    }
}
