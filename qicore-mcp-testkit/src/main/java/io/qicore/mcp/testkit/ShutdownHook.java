package io.qicore.mcp.testkit;

/**
 * Runs an action when the JVM ends, which includes Ctrl-C and SIGTERM, unless it is {@link #remove() removed} before.
 */
final class ShutdownHook {

    private final Thread thread;

    private ShutdownHook(Thread thread) {
        this.thread = thread;
    }

    /**
     * Registers an action.
     *
     * @throws IllegalStateException when the JVM is already ending; the caller then starts nothing that would be left behind
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
            // The hook is running or has run. The action may run more than once.
        }
    }
}
