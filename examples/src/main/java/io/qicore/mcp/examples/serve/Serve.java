package io.qicore.mcp.examples.serve;

import io.qicore.mcp.host.MCPServerFactory;
import io.qicore.mcp.host.MCPServerRegistry;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.transport.stdio.StdioTransport;
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

    private Serve() {}

    /**
     * Runs the servers, or, with {@code --new-key NAME --rights read,write}, prints a new API key and its entry for the file of
     * keys; {@code --expires} and {@code --limit} narrow it. Exit codes: 0 after a stdio client has disconnected or a key was printed, 1 if no server started, 2 if the arguments
     * are wrong, 143 after SIGTERM.
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0) {
            System.exit(NewKey.print(arguments, System.out, System.err));
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
