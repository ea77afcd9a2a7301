package io.qicore.mcp.examples.quickstart;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Prints steps as they happen, with their durations; a long step may show its progress on its line. */
final class Console {

    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintStream out;
    private final boolean interactive;

    /** @param interactive a person watches a terminal, so that a line may be overwritten */
    Console(PrintStream out, boolean interactive) {
        this.out = out;
        this.interactive = interactive;
    }

    /** Runs a step and prints what it did. */
    <T> T step(String title, Callable<T> work) throws Exception {
        progress(title + " …");
        long start = System.nanoTime();
        T result = work.call();
        done(title, start);
        return result;
    }

    /** Shows how far a step is; nothing where lines cannot be overwritten. */
    void progress(String text) {
        if (interactive) {
            out.print(CLEAR_LINE + "  " + text);
            out.flush();
        }
    }

    /** Prints that a step that began at a {@link System#nanoTime()} has ended. */
    void done(String title, long start) {
        String line = String.format(Locale.ROOT, "  %-64s %6.1f s", title, (System.nanoTime() - start) / 1e9);
        out.println((interactive ? CLEAR_LINE : "") + line);
    }

    void print(String text) {
        out.println(text);
    }
}
