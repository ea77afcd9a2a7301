package io.qicore.mcp.internal.engine.call;

import io.qicore.mcp.internal.concurrent.Signal;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.log.LogText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cancellation of a handler whose result is not wanted any more: interrupts the handler's thread and runs the
 * actions that the handler has registered. Thread-safe.
 */
public final class Cancellation {

    private static final Logger log = LoggerFactory.getLogger(Cancellation.class);

    private final String what;
    private final Signal signal = new Signal();

    // Guarded by this.
    private @Nullable Thread runner;
    private boolean runnerWasInterrupted;
    private boolean told;

    /** @param what is cancelled, for the log */
    public Cancellation(String what) {
        this.what = what;
    }

    /** Called when the handler begins on this thread. Returns whether the thread is interrupted, for {@link #leave}. */
    public synchronized boolean enter() {
        runner = Thread.currentThread();
        runnerWasInterrupted = runner.isInterrupted();
        return runnerWasInterrupted;
    }

    /**
     * Called when the handler has left this thread. The thread is interrupted now only if it was so before: an interrupt was
     * meant for the handler, or the handler has left its own behind, and either would stop the next message on this thread.
     */
    public synchronized void leave(boolean wasInterrupted) {
        if (runner == Thread.currentThread()) {
            runner = null;
        }
        if (!wasInterrupted) {
            Thread.interrupted();
        }
    }

    /** Clears an interrupt that the handler has left behind on this thread. */
    public synchronized void clearInterrupt() {
        if (runner == Thread.currentThread() && !runnerWasInterrupted) {
            Thread.interrupted();
        }
    }

    /** Cancels the handler once, since it cleans up afterwards. Does not wait for the handler. */
    public void cancel() {
        List<Runnable> actions = signal.give();
        synchronized (this) {
            if (told) {
                return;
            }
            told = true;
            if (runner != null && runner != Thread.currentThread()) {
                runner.interrupt();
            }
        }
        if (!actions.isEmpty()) {
            // An action may call a remote service, which the cancelling thread must not wait for.
            Threads.run("mcp-cancel", () -> actions.forEach(Runnable::run));
        }
    }

    public boolean isCancelled() {
        return signal.isGiven();
    }

    /** Runs an action on cancellation, or immediately if the handler has been cancelled. */
    public void onCancel(Runnable action) {
        signal.then(() -> run(action));
    }

    private void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            log.warn("A cancel action of {} failed", what, LogText.of(e));
        }
    }
}
