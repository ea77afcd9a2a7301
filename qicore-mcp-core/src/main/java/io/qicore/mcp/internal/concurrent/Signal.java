package io.qicore.mcp.internal.concurrent;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event that happens at most once, and the actions that run when it does. Thread-safe. */
public final class Signal {

    // Each call has several signals, and most signals have one action: a list is created only for the second action.
    private @Nullable Runnable first;
    private @Nullable List<Runnable> others;
    private boolean given;

    /** Registers an action for the event; runs it at once if the event has happened. */
    public void then(Runnable action) {
        synchronized (this) {
            if (!given) {
                keep(action);
                return;
            }
        }
        action.run();
    }

    private void keep(Runnable action) {
        if (first == null) {
            first = action;
            return;
        }
        if (others == null) {
            others = new ArrayList<>();
        }
        others.add(action);
    }

    /**
     * Records that the event has happened. Returns the registered actions, which the caller must run in order; empty if the
     * event had happened before.
     */
    public synchronized List<Runnable> give() {
        given = true;
        if (first == null) {
            return List.of();
        }
        List<Runnable> actions = new ArrayList<>(1);
        actions.add(first);
        if (others != null) {
            actions.addAll(others);
        }
        first = null;
        others = null;
        return actions;
    }

    /** Returns whether the event has happened. */
    public synchronized boolean isGiven() {
        return given;
    }
}
