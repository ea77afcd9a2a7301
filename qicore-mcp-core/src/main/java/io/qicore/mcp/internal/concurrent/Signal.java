package io.qicore.mcp.internal.concurrent;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that happens once, if ever, and what is to be done then. Thread-safe. */
public final class Signal {

    // Most signals have one action, many calls have several signals: a list is made for the second only.
    private @Nullable Runnable first;
    private @Nullable List<Runnable> others;
    private boolean given;

    /** Does something when it happens, at once if it has happened. */
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

    /** It happens now. Returns what the caller has to do, in order; nothing if it had happened before. */
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

    /** Whether it has happened. */
    public synchronized boolean isGiven() {
        return given;
    }
}
