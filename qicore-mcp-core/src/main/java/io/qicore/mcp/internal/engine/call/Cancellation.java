package io.qicore.mcp.internal.engine.call;

import io.qicore.mcp.internal.concurrent.Signal;
import io.qicore.mcp.internal.concurrent.Threads;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a handler learns that nobody waits for it any more: its thread is interrupted, and the actions run that it left for
 * that. Thread-safe.
 */
public final class Cancellation {

    private static final Logger log = LoggerFactory.getLogger(Cancellation.class);

    private final String what;
    private final Signal signal = new Signal();

    // Guarded by this.
    private @Nullable Thread runner;
    private @Nullable Thread interrupted;
    private boolean told;

    /** @param what is cancelled, for the log */
    public Cancellation(String what) {
        this.what = what;
    }

    /** The handler begins on this thread. */
    public synchronized void enter() {
        runner = Thread.currentThread();
    }

    /** The handler has left this thread. */
    public synchronized void leave() {
        Thread self = Thread.currentThread();
        if (runner == self) {
            runner = null;
        }
        if (interrupted == self) {
            // The interrupt was meant for the handler, not for what this thread does next.
            interrupted = null;
            Thread.interrupted();
        }
    }

    /** Tells the handler, wherever it is, to stop; once, for after that it cleans up. Does not wait for it. */
    public void cancel() {
        List<Runnable> actions = signal.give();
        synchronized (this) {
            if (told) {
                return;
            }
            told = true;
            if (runner != null && runner != Thread.currentThread()) {
                interrupted = runner;
                runner.interrupt();
            }
        }
        if (!actions.isEmpty()) {
            // An action may have to reach a remote service; nobody who cancels should wait for that.
            Threads.start("mcp-cancel", () -> actions.forEach(Runnable::run));
        }
    }

    public boolean isCancelled() {
        return signal.isGiven();
    }

    /** Runs an action when it is cancelled, at once if it has been. */
    public void onCancel(Runnable action) {
        signal.then(() -> run(action));
    }

    private void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            log.warn("A cancel action of {} failed", what, e);
        }
    }
}
