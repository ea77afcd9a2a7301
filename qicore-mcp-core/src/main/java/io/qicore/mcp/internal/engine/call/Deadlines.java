package io.qicore.mcp.internal.engine.call;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The clock that ends calls which take too long. A timer for each call would cost as much as serving it; here one look at
 * all of them, once in the time that a call may take, is enough as long as calls are quick. Thread-safe.
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

    /** A call has been added. */
    public void watch() {
        // Read first: nearly always it runs, and a write would take the cache line from other processors.
        if (!running.get() && running.compareAndSet(false, true)) {
            lookIn(callTimeoutNanos);
        }
    }

    private void lookIn(long nanos) {
        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run)
                .execute(this::look);
    }

    /** Ends what is due, and looks again at the next deadline, which that of no call begun meanwhile can precede. */
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
            // Also when there was no thread left to answer one of them: the others have deadlines, too.
            lookIn(next);
        }
    }
}
