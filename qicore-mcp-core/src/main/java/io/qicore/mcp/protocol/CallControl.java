package io.qicore.mcp.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a transport tells the engine, while a call runs, that nobody waits for it any more. Make one for each message.
 * Thread-safe.
 */
public final class CallControl {

    private final List<Runnable> onDisconnect = new ArrayList<>(1);
    private final List<Runnable> onCancel = new ArrayList<>(1);
    private boolean disconnected;
    private @Nullable String reason;

    /** A control of a call that nothing has happened to. */
    public CallControl() {}

    /**
     * The client has gone away. Whether that cancels the call depends on the client's protocol revision: it does since
     * 2026-07-28, and it does not before.
     */
    public void disconnected() {
        List<Runnable> actions;
        synchronized (this) {
            disconnected = true;
            actions = List.copyOf(onDisconnect);
            onDisconnect.clear();
        }
        actions.forEach(Runnable::run);
    }

    /** The call is cancelled, whatever the revision. Later calls of this method do nothing. */
    public void cancel(String why) {
        List<Runnable> actions;
        synchronized (this) {
            if (reason != null) {
                return;
            }
            reason = why;
            actions = List.copyOf(onCancel);
            onCancel.clear();
        }
        actions.forEach(Runnable::run);
    }

    void onDisconnect(Runnable action) {
        synchronized (this) {
            if (!disconnected) {
                onDisconnect.add(action);
                return;
            }
        }
        action.run();
    }

    void onCancel(Runnable action) {
        synchronized (this) {
            if (reason == null) {
                onCancel.add(action);
                return;
            }
        }
        action.run();
    }
}
