package io.qicore.mcp.internal.connection;

import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.internal.concurrent.Timeouts;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The calls of a transport that have not been answered yet. Thread-safe. */
public final class InFlight {

    private final Set<CallControl> controls = new HashSet<>();
    private volatile boolean draining;

    /** Adds a call. Returns false if the transport is stopping; the call must be refused then. */
    public synchronized boolean begin(CallControl control) {
        return !draining && controls.add(control);
    }

    /** Removes a call that has been answered or cancelled. */
    public synchronized void end(CallControl control) {
        controls.remove(control);
        notifyAll();
    }

    /** Returns whether new calls are refused. */
    public boolean isDraining() {
        return draining;
    }

    /** Returns how many calls have not been answered. */
    public synchronized int size() {
        return controls.size();
    }

    /** Accepts calls again after {@link #drain}. */
    public synchronized void reopen() {
        draining = false;
    }

    /**
     * Refuses new calls, tells the calls in flight that the server is stopping, waits for them, and cancels those that do not
     * end within the timeout.
     */
    public void drain(Duration timeout) {
        drain(timeout, () -> {});
    }

    /**
     * Drains as {@link #drain(Duration)} does.
     *
     * @param onceRefusing ends calls that would not end by themselves; runs as soon as new calls are refused
     */
    public void drain(Duration timeout, Runnable onceRefusing) {
        Duration patience = Timeouts.bounded(timeout);
        long deadline = System.nanoTime() + patience.toNanos();
        Set<CallControl> left;
        synchronized (this) {
            draining = true;
            left = Set.copyOf(controls);
        }
        // This includes the calls that the engine has not received yet.
        left.forEach(CallControl::stopping);
        onceRefusing.run();
        synchronized (this) {
            try {
                for (long wait = patience.toMillis(); !controls.isEmpty() && wait > 0; ) {
                    wait(wait);
                    wait = (deadline - System.nanoTime()) / 1_000_000;
                }
            } catch (InterruptedException e) {
                // An interrupt asks for a faster stop, so the remaining calls are cancelled at once.
                Thread.currentThread().interrupt();
            }
            left = Set.copyOf(controls);
        }
        left.forEach(control -> control.cancel("the server is stopping"));
    }
}
