package io.qicore.mcp.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an action when the JVM ends, which includes Ctrl-C and SIGTERM, unless it is {@link #remove() removed} before. The
 * actions run one after the other, the newest first, because the JVM runs hooks of its own at the same time, and what was
 * started last may need what was started before.
 */
final class ShutdownHook {

    private static final Logger log = LoggerFactory.getLogger(ShutdownHook.class);

    private static final Deque<ShutdownHook> hooks = new ArrayDeque<>();
    private static @Nullable Thread thread;

    private final Runnable action;

    private ShutdownHook(Runnable action) {
        this.action = action;
    }

    /**
     * Registers an action.
     *
     * @throws IllegalStateException when the JVM is already ending; the caller then starts nothing that would be left behind
     */
    static ShutdownHook register(Runnable action) {
        synchronized (hooks) {
            if (thread == null) {
                Thread created = new Thread(ShutdownHook::runAll, "testkit-shutdown");
                Runtime.getRuntime().addShutdownHook(created);
                thread = created;
            } else if (thread.isAlive() || thread.getState() == Thread.State.TERMINATED) {
                throw new IllegalStateException("The JVM is ending.");
            }
            ShutdownHook hook = new ShutdownHook(action);
            hooks.push(hook);
            return hook;
        }
    }

    void remove() {
        synchronized (hooks) {
            hooks.remove(this);
        }
    }

    private static void runAll() {
        for (ShutdownHook hook = next(); hook != null; hook = next()) {
            try {
                hook.action.run();
            } catch (RuntimeException e) {
                log.warn("An action at the end of the JVM failed", e);
            }
        }
    }

    private static @Nullable ShutdownHook next() {
        synchronized (hooks) {
            return hooks.poll();
        }
    }
}
