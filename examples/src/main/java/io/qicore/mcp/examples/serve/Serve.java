package io.qicore.mcp.examples.serve;

import io.qicore.mcp.host.MCPServerFactory;
import io.qicore.mcp.host.MCPServerRegistry;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.transport.stdio.StdioTransport;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/**
 * Runs the MCP servers that are enabled in the environment until SIGTERM, or until the client of a stdio server disconnects.
 *
 * <pre>{@code
 * KAFKA_MCP_ENABLED=true KAFKA_BOOTSTRAP_SERVERS=localhost:9092 java -XX:+ExitOnOutOfMemoryError -jar qicore-mcp-serve.jar
 * }</pre>
 *
 * <p>The flag ends the process when it runs out of memory, so that it can be started again; the script
 * {@code examples/qicore-mcp-serve} sets it.
 */
public final class Serve {

    static final String HELP = """
            Runs the MCP servers that the environment enables, until SIGTERM or until the client of a stdio server disconnects.
            For example:

              KAFKA_MCP_ENABLED=true KAFKA_BOOTSTRAP_SERVERS=localhost:9092 java -jar qicore-mcp-serve.jar

            docs/configuration.md of the project lists all variables.

            Options:
              --help     prints this text
              --version  prints the version
              --new-key NAME --rights RIGHT,… [--expires TIME] [--limit KIND=NAME,…]…
                         prints a new API key, and its entry for the file of keys
                NAME       who has the key
                --rights   one or more of read, write, destructive and admin; each includes those before it
                --expires  a day such as 2027-01-31, in UTC, or a time such as 2027-01-31T12:00:00Z; without it the key does not
                           expire
                --limit    the only names or patterns of a kind that the key may use, such as --limit topics=orders-*,payments;
                           KIND is one of groups, schemas, tools and topics; an empty list allows nothing of the kind""";

    private Serve() {}

    /**
     * Runs the servers, or does what {@link #HELP} says of the options. Exit codes: 0 after a stdio client has disconnected or an
     * option was carried out, 1 if no server started, 2 if the arguments are wrong, 143 after SIGTERM.
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0) {
            System.exit(option(arguments, System.out, System.err));
        }
        MCPServerRegistry registry;
        try {
            registry = MCPServerFactory.startFromEnvironment();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(registry::stopAll, "stop-servers"));
        report(registry);
        if (registry.names().isEmpty() || registry.failures().keySet().containsAll(registry.names())) {
            System.err.println("No MCP server is running.");
            System.exit(1);
        }
        await(registry);
    }

    /** Carries out the options; returns the exit code. */
    static int option(String[] arguments, PrintStream out, PrintStream err) {
        return switch (String.join(" ", arguments)) {
            case "--help", "-h" -> {
                out.println(HELP);
                yield 0;
            }
            case "--version" -> {
                String version = Serve.class.getPackage().getImplementationVersion();
                out.println("qicore-mcp " + (version == null ? "(classes of a build)" : version));
                yield 0;
            }
            default -> NewKey.print(arguments, out, err);
        };
    }

    private static void report(MCPServerRegistry registry) {
        for (String name : registry.names()) {
            registry.endpoint(name).ifPresent(uri -> System.err.println(name + ": " + uri));
        }
        registry.failures().forEach((name, failure) -> System.err.println(name + ": " + failure.getMessage()));
    }

    private static void await(MCPServerRegistry registry) throws InterruptedException {
        for (String name : registry.names()) {
            for (var transport :
                    registry.get(name).map(StatelessMCPServer::transports).orElseThrow()) {
                if (transport instanceof StdioTransport stdio) {
                    stdio.awaitEnd();
                    System.exit(0);
                }
            }
        }
        new CountDownLatch(1).await();
    }
}
