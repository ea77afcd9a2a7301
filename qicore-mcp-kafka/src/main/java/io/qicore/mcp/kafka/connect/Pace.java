package io.qicore.mcp.kafka.connect;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Limits the rate of a task without waiting itself: a task returns from a poll soon, so that it can be stopped. Used by one thread. */
final class Pace {

    // After a longer delay, such as a pause, the missed turns are dropped, because they would come as a burst.
    private static final long MAX_BEHIND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double LONGEST_TURN_NANOS = TimeUnit.DAYS.toNanos(365);

    private final LongSupplier clock;
    private final long turnNanos;
    private long due;

    /** @param rate turns per second; 0 for no limit */
    Pace(double rate, LongSupplier nanoClock) {
        this.clock = nanoClock;
        this.turnNanos = rate == 0 ? 0 : (long) Math.min(TimeUnit.SECONDS.toNanos(1) / rate, LONGEST_TURN_NANOS);
        this.due = nanoClock.getAsLong();
    }

    /** Returns how long to wait for the next turn; 0 if it is due. */
    long nanosToWait() {
        return turnNanos == 0 ? 0 : Math.max(due - clock.getAsLong(), 0);
    }

    /** A turn is taken. */
    void taken() {
        long now = clock.getAsLong();
        due = (now - due > MAX_BEHIND_NANOS ? now : due) + turnNanos;
    }
}
