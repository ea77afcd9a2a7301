package io.qicore.mcp.examples.quickstart;

import java.util.List;

/**
 * What the command line asks for.
 *
 * @param serve stay up at the end
 * @param verbose log more than warnings
 * @param help print the usage and do nothing
 */
record Options(boolean serve, boolean verbose, boolean help) {

    static final String USAGE = """
            Runs a whole streaming pipeline through MCP, on an embedded Kafka broker and an embedded PostgreSQL.

              --serve    stay up at the end, for MCP clients, until Ctrl-C
              -v         log what happens inside
              -h, --help this text
            """;

    /** @throws IllegalArgumentException for anything that {@link #USAGE} does not name */
    static Options parse(List<String> arguments) {
        for (String argument : arguments) {
            if (!List.of("--serve", "-v", "-h", "--help").contains(argument)) {
                throw new IllegalArgumentException("Unknown option " + argument + ".\n\n" + USAGE);
            }
        }
        return new Options(
                arguments.contains("--serve"),
                arguments.contains("-v"),
                arguments.contains("-h") || arguments.contains("--help"));
    }
}
