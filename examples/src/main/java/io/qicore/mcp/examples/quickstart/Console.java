package io.qicore.mcp.examples.quickstart;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Prints steps with their durations. On a terminal, it also shows the progress of a long step. */
final class Console {

    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintStream out;
    private final boolean interactive;

    /** @param interactive whether the output is a terminal, where a line can be overwritten */
    Console(PrintStream out, boolean interactive) {
        this.out = out;
        this.interactive = interactive;
    }

    /** Runs a step and prints its title and duration. */
    <T> T step(String title, Callable<T> work) throws Exception {
        progress(title + " …");
        long start = System.nanoTime();
        T result = work.call();
        done(title, start);
        return result;
    }

    /** Shows the progress of a step. Does nothing if the output is not a terminal. */
    void progress(String text) {
        if (interactive) {
            out.print(CLEAR_LINE + "  " + text);
            out.flush();
        }
    }

    /** Prints that a step has ended. Its duration is counted from {@code start}, a value of {@link System#nanoTime()}. */
    void done(String title, long start) {
        String line = String.format(Locale.ROOT, "  %-64s %6.1f s", title, (System.nanoTime() - start) / 1e9);
        out.println((interactive ? CLEAR_LINE : "") + line);
    }

    void print(String text) {
        out.println(text);
    }
}
