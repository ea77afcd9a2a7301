package io.qicore.mcp.examples.quickstart;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sets up and runs a streaming pipeline through MCP, with a real broker, a real database, and HTTP between an agent and the
 * servers. Needs only a JDK. The exit code is 0 only if all produced records have been stored and the lag is 0.
 */
public final class Quickstart {

    private Quickstart() {}

    /** Runs the quickstart; see {@link Options#USAGE} for its arguments. */
    public static void main(String[] arguments) {
        Options options;
        try {
            options = Options.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.out.print(Options.USAGE);
            return;
        }
        if (options.verbose()) {
            // Must be set before the first logger is created.
            System.setProperty("qicore.log.level", "INFO");
            System.setProperty("qicore.log.level.embedded", "WARN");
        }
        System.exit(run(options));
    }

    private static int run(Options options) {
        // UTF-8, because not every platform charset has the characters of the chart.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        try {
            return new Pipeline(new Console(out, System.console() != null)).run(options) ? 0 : 1;
        } catch (Exception e) {
            out.println();
            out.println("  FAILED: " + e.getMessage());
            if (options.verbose()) {
                e.printStackTrace();
            } else {
                out.println("  Run it with -v to see details.");
            }
            return 1;
        }
    }
}
