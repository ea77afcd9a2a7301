package io.qicore.mcp.protocol;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The calls in flight, and the clock that ends those which take too long. A timer for each call would cost as much as
 * serving it; here one look at all of them, once in the time that a call may take, is enough as long as calls are quick.
 * Thread-safe.
 */
final class Deadlines {

    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final long callTimeoutNanos;
    private final AtomicBoolean running = new AtomicBoolean();

    /** @param callTimeout the shortest time that a call gets */
    Deadlines(Duration callTimeout) {
        this.callTimeoutNanos = callTimeout.toNanos();
    }

    /** Watches a call. */
    void add(Call call) {
        calls.add(call);
        start();
    }

    /** The call has ended. */
    void remove(Call call) {
        calls.remove(call);
    }

    /** Cancels every call. */
    void cancelAll() {
        calls.forEach(Call::cancel);
    }

    private void start() {
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
                start();
            }
            return;
        }
        long next = callTimeoutNanos;
        for (Call call : calls) {
            next = Math.min(next, call.checkDeadline());
        }
        lookIn(next);
    }
}
