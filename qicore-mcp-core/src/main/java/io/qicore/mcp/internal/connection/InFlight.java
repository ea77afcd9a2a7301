package io.qicore.mcp.internal.connection;

import io.qicore.mcp.engine.message.CallControl;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The calls that a transport has handed to the engine and not yet answered. Thread-safe. */
public final class InFlight {

    private final Set<CallControl> controls = new HashSet<>();
    private boolean draining;

    /** Takes note of a call; false if the transport is stopping and the call must be refused. */
    public synchronized boolean begin(CallControl control) {
        return !draining && controls.add(control);
    }

    /** The call has been answered or cancelled. */
    public synchronized void end(CallControl control) {
        controls.remove(control);
        notifyAll();
    }

    /** Admits calls again after {@link #drain}. */
    public synchronized void reopen() {
        draining = false;
    }

    /**
     * Refuses new calls, tells those in flight that the server is stopping, waits for them, and cancels what is left when
     * the time is up.
     */
    public void drain(Duration timeout) {
        drain(timeout, () -> {});
    }

    /**
     * The same.
     *
     * @param onceRefusing ends what would not end by itself
     */
    public void drain(Duration timeout, Runnable onceRefusing) {
        long deadline = System.nanoTime() + timeout.toNanos();
        Set<CallControl> left;
        synchronized (this) {
            draining = true;
            left = Set.copyOf(controls);
        }
        // Those that the engine has not seen yet are told, too.
        left.forEach(CallControl::stopping);
        onceRefusing.run();
        synchronized (this) {
            try {
                for (long wait = timeout.toMillis(); !controls.isEmpty() && wait > 0; ) {
                    wait(wait);
                    wait = (deadline - System.nanoTime()) / 1_000_000;
                }
            } catch (InterruptedException e) {
                // Whoever interrupts a stop wants it faster: cancel at once.
                Thread.currentThread().interrupt();
            }
            left = Set.copyOf(controls);
        }
        left.forEach(control -> control.cancel("the server is stopping"));
    }
}
