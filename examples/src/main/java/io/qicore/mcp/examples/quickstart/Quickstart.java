package io.qicore.mcp.examples.quickstart;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sets up and drives a streaming pipeline through MCP: a real broker, a real database, real HTTP between an agent and
 * the servers. Needs nothing but a JDK. Exit code 0 only if every record that was produced was stored and none is left.
 */
public final class Quickstart {

    private Quickstart() {}

    /** See {@link Options#USAGE}. */
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
            // Before the first logger is made.
            System.setProperty("qicore.log.level", "INFO");
            System.setProperty("qicore.log.level.embedded", "WARN");
        }
        System.exit(run(options));
    }

    private static int run(Options options) {
        // Not in the platform's charset: not every one has candles.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        try {
            return new Pipeline(new Console(out, System.console() != null)).run(options.serve()) ? 0 : 1;
        } catch (Exception e) {
            out.println();
            out.println("  FAILED: " + e.getMessage());
            if (options.verbose()) {
                e.printStackTrace();
            } else {
                out.println("  -v shows more.");
            }
            return 1;
        }
    }
}
