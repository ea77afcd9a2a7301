package io.qicore.mcp.kafka.producer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Limits how often per second one thread takes a turn, until it is told to stop. */
final class Pacer {

    // After a longer pause the missed turns are dropped, because they would come as a burst.
    private static final long MAX_BEHIND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final double nanosPerTurn;
    private final CountDownLatch stop;
    private long scheduleStart = System.nanoTime();
    private long turns;

    /**
     * Creates a pacer whose first turn is due now.
     *
     * @param ratePerSecond turns per second; 0 for no limit
     * @param stop tells the thread to stop when it reaches zero
     */
    Pacer(double ratePerSecond, CountDownLatch stop) {
        this.nanosPerTurn = ratePerSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
        this.stop = stop;
    }

    /** Waits for the next turn and returns true, or returns false as soon as the thread is to stop. */
    boolean awaitTurn() throws InterruptedException {
        if (nanosPerTurn == 0) {
            return stop.getCount() > 0;
        }
        // Computed from the start, because the rounding of single steps would add up.
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
