package io.qicore.mcp.engine.message;

import io.qicore.mcp.internal.concurrent.Signal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a transport tells the engine, while a call runs, what becomes of it. Make one for each message. Thread-safe.
 */
public final class CallControl {

    private static final Logger log = LoggerFactory.getLogger(CallControl.class);

    private final Signal disconnected = new Signal();
    private final Signal stopping = new Signal();
    private final Signal cancelled = new Signal();

    /** A control of a call that nothing has happened to. */
    public CallControl() {}

    /**
     * The client has gone away. Whether that cancels the call depends on the client's protocol revision: it does since
     * 2026-07-28, and it does not before.
     */
    public void disconnected() {
        disconnected.give().forEach(Runnable::run);
    }

    /**
     * The server is about to stop and waits for the call. One that would last until somebody ends it, namely a
     * subscription, ends with an answer, even if it begins after this; any other goes on.
     */
    public void stopping() {
        stopping.give().forEach(Runnable::run);
    }

    /**
     * The call is cancelled, whatever the revision. Later calls of this method do nothing.
     *
     * @param why for the log
     */
    public void cancel(String why) {
        log.debug("A call is cancelled: {}", why);
        cancelled.give().forEach(Runnable::run);
    }

    /** Runs an action when the client has gone, at once if it has. For the engine. */
    public void onDisconnect(Runnable action) {
        disconnected.then(action);
    }

    /** Runs an action when the server is about to stop, at once if it is. For the engine. */
    public void onStopping(Runnable action) {
        stopping.then(action);
    }

    /** Runs an action when the call is cancelled, at once if it has been. For the engine. */
    public void onCancel(Runnable action) {
        cancelled.then(action);
    }
}
