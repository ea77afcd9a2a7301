package io.qicore.mcp.engine.message;

import io.qicore.mcp.internal.concurrent.Signal;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a transport tell the engine about a disconnect, a stop or a cancellation while a call runs. Create one for each
 * message. Thread-safe.
 */
public final class CallControl {

    private static final Logger log = LoggerFactory.getLogger(CallControl.class);

    private final Signal disconnected = new Signal();
    private final Signal stopping = new Signal();
    private final Signal cancelled = new Signal();

    /** Creates the control of a new call. */
    public CallControl() {}

    /**
     * Tells the engine that the client has disconnected. That cancels the call if the protocol revision of the client is
     * 2026-07-28 or later.
     */
    public void disconnected() {
        disconnected.give().forEach(Runnable::run);
    }

    /**
     * Tells the engine that the server is about to stop and waits for the call. A subscription ends with an answer, even if
     * it begins after this; other calls go on.
     */
    public void stopping() {
        stopping.give().forEach(Runnable::run);
    }

    /**
     * Cancels the call, whatever the protocol revision. Does nothing if it has been cancelled already.
     *
     * @param why the reason, for the log
     */
    public void cancel(String why) {
        Objects.requireNonNull(why, "why");
        log.debug("A call is cancelled: {}", why);
        cancelled.give().forEach(Runnable::run);
    }

    /** Runs an action when the client disconnects, at once if it already has. Used by the engine. */
    public void onDisconnect(Runnable action) {
        Objects.requireNonNull(action, "action");
        disconnected.then(action);
    }

    /** Runs an action when the server is about to stop, at once if it already is. Used by the engine. */
    public void onStopping(Runnable action) {
        Objects.requireNonNull(action, "action");
        stopping.then(action);
    }

    /** Runs an action when the call is cancelled, at once if it already has been. Used by the engine. */
    public void onCancel(Runnable action) {
        Objects.requireNonNull(action, "action");
        cancelled.then(action);
    }
}
