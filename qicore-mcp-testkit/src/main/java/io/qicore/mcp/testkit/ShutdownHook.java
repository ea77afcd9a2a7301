package io.qicore.mcp.testkit;

/**
 * Runs an action when the JVM ends (also by Ctrl-C or SIGTERM), unless {@link #remove() removed} before.
 */
final class ShutdownHook {

    private final Thread thread;

    private ShutdownHook(Thread thread) {
        this.thread = thread;
    }

    /**
     * @throws IllegalStateException when the JVM is already ending, so nothing can be started that
     *     would then be left behind
     */
    static ShutdownHook register(String name, Runnable action) {
        Thread thread = new Thread(action, name);
        Runtime.getRuntime().addShutdownHook(thread);
        return new ShutdownHook(thread);
    }

    void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException alreadyEnding) {
            // The hook runs, or has run; the action is idempotent.
        }
    }
}
