package io.qicore.mcp.internal.engine.call;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends calls whose deadline has passed. A timer for each call would cost as much as serving the call. Instead, one
 * timer checks all calls, once within the call timeout as long as calls are quick. Thread-safe.
 */
public final class Deadlines {

    private final Set<Call> calls;
    private final long callTimeoutNanos;
    private final AtomicBoolean running = new AtomicBoolean();

    /**
     * @param calls those in flight, as others add and remove them
     * @param callTimeout the shortest time that a call gets
     */
    Deadlines(Set<Call> calls, Duration callTimeout) {
        this.calls = calls;
        this.callTimeoutNanos = callTimeout.toNanos();
    }

    /** Starts the timer, if it is not running, after a call was added. */
    public void watch() {
        // Read before writing: the timer nearly always runs, and a write would contend for the cache line.
        if (!running.get() && running.compareAndSet(false, true)) {
            lookIn(callTimeoutNanos);
        }
    }

    private void lookIn(long nanos) {
        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run)
                .execute(this::look);
    }

    /** Ends the calls that are due and schedules the next check at the earliest deadline that is left. */
    private void look() {
        if (calls.isEmpty()) {
            running.set(false);
            if (!calls.isEmpty()) {
                watch();
            }
            return;
        }
        long next = callTimeoutNanos;
        try {
            for (Call call : calls) {
                next = Math.min(next, call.checkDeadline());
            }
        } finally {
            // Also if no thread could be started to answer a call: the other calls have deadlines, too.
            lookIn(next);
        }
    }
}
