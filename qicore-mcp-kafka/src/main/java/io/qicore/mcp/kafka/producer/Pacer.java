package io.qicore.mcp.kafka.producer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets one thread go on so many times per second, until it is told to stop. */
final class Pacer {

    // What was missed during a longer pause is not made up for: it would arrive as a burst.
    private static final long MAX_BEHIND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final double nanosPerTurn;
    private final CountDownLatch stop;
    private long scheduleStart = System.nanoTime();
    private long turns;

    /**
     * @param ratePerSecond 0 sets no limit
     * @param stop reaches zero to stop
     */
    Pacer(double ratePerSecond, CountDownLatch stop) {
        this.nanosPerTurn = ratePerSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
        this.stop = stop;
    }

    /** Waits for the next turn. Returns false at once when told to stop. */
    boolean awaitTurn() throws InterruptedException {
        if (nanosPerTurn == 0) {
            return stop.getCount() > 0;
        }
        // From the start each time: steps would add up their rounding.
        long due = scheduleStart + (long) (turns * nanosPerTurn);
        long wait = due - System.nanoTime();
        if (wait < -MAX_BEHIND_NANOS) {
            scheduleStart = System.nanoTime();
            turns = 0;
        }
        turns++;
        return wait > 0 ? !stop.await(wait, TimeUnit.NANOSECONDS) : stop.getCount() > 0;
    }
}
