package io.qicore.mcp.examples.quickstart;

import java.util.List;

/**
 * The options of the command line.
 *
 * @param serve whether to keep running at the end
 * @param connect whether producers run on Kafka Connect
 * @param verbose whether to log more than warnings
 * @param help whether to print the usage only
 */
record Options(boolean serve, boolean connect, boolean verbose, boolean help) {

    static final String USAGE = """
            Runs a complete streaming pipeline through MCP, on an embedded Kafka broker and an embedded PostgreSQL.

              --serve     keep running at the end, for MCP clients, until Ctrl-C
              --connect   run producers on an embedded worker of Kafka Connect
              -v          log details
              -h, --help  print this text
            """;

    /** @throws IllegalArgumentException if an argument is not one of the options in {@link #USAGE} */
    static Options parse(List<String> arguments) {
        for (String argument : arguments) {
            if (!List.of("--serve", "--connect", "-v", "-h", "--help").contains(argument)) {
                throw new IllegalArgumentException("Unknown option " + argument + ".\n\n" + USAGE);
            }
        }
        return new Options(
                arguments.contains("--serve"),
                arguments.contains("--connect"),
                arguments.contains("-v"),
                arguments.contains("-h") || arguments.contains("--help"));
    }
}
