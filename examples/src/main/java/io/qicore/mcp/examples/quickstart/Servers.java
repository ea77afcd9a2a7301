package io.qicore.mcp.examples.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.host.MCPServerFactory;
import io.qicore.mcp.host.MCPServerRegistry;
import io.qicore.mcp.testkit.EmbeddedConnect;
import io.qicore.mcp.testkit.StreamingInfrastructure;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The MCP servers of the quickstart, each on its own local port, and a client for each. */
final class Servers implements AutoCloseable {

    private static final String ROLE = "quickstart_agent";
    private static final List<String> NAMES = List.of("kafka", "timescale", "producer", "realtime");

    private final MCPServerRegistry registry;
    private final Map<String, MCPClient> clients = new LinkedHashMap<>();

    private Servers(MCPServerRegistry registry, CallStatistics statistics) {
        this.registry = registry;
        for (String name : NAMES) {
            clients.put(
                    name, MCPClient.http(registry.endpoint(name).orElseThrow()).withListener(statistics));
        }
    }

    /**
     * Starts the servers from configuration, in the way a deployment starts them from its environment.
     *
     * @param worker the worker on which producers run; null for the process of their server
     * @param fixedPorts whether to use the ports and other settings of the environment, or their defaults; otherwise the servers
     *     use free ports
     */
    static Servers start(
            StreamingInfrastructure infrastructure,
            @Nullable EmbeddedConnect worker,
            boolean fixedPorts,
            CallStatistics statistics) {
        Map<String, String> environment = new HashMap<>();
        for (String name : NAMES) {
            String prefix = name.toUpperCase(Locale.ROOT) + "_MCP_";
            environment.put(prefix + "ENABLED", "true");
            if (fixedPorts) {
                System.getenv().forEach((key, value) -> {
                    if (key.startsWith(prefix)) {
                        environment.put(key, value);
                    }
                });
            } else {
                environment.put(prefix + "PORT", "0");
            }
        }
        environment.put("KAFKA_BOOTSTRAP_SERVERS", infrastructure.bootstrapServers());
        if (worker != null) {
            environment.put("PRODUCER_MCP_CONNECT_URLS", worker.url());
        }
        environment.put("TIMESCALE_URL", infrastructure.jdbcUrl());
        String password = UUID.randomUUID().toString();
        createRole(infrastructure, password);
        environment.put("TIMESCALE_USER", ROLE);
        environment.put("TIMESCALE_PASSWORD", password);
        MCPServerRegistry registry = MCPServerFactory.startFromEnvironment(environment);
        if (!registry.failures().isEmpty()) {
            registry.stopAll();
            throw new IllegalStateException(String.join(
                    "\n",
                    registry.failures().entrySet().stream()
                            .map(failure ->
                                    failure.getKey() + ": " + failure.getValue().getMessage())
                            .toList()));
        }
        return new Servers(registry, statistics);
    }

    /** Creates the role of the TimescaleDB server: it may create tables, and nothing else. */
    private static void createRole(StreamingInfrastructure infrastructure, String password) {
        try (Connection connection = DriverManager.getConnection(
                        infrastructure.jdbcUrl(), infrastructure.username(), infrastructure.password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + password + "'");
            statement.execute("GRANT USAGE, CREATE ON SCHEMA public TO " + ROLE);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The role of the TimescaleDB server cannot be created: " + e.getMessage(), e);
        }
    }

    MCPClient client(String name) {
        return clients.get(name);
    }

    int size() {
        return NAMES.size();
    }

    /** Returns the client configuration in the JSON format that most MCP hosts read. */
    String clientConfiguration() {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        ObjectNode servers = root.putObject("mcpServers");
        for (String name : NAMES) {
            servers.putObject(name)
                    .put("type", "http")
                    .put("url", registry.endpoint(name).orElseThrow().toString());
        }
        return root.toPrettyString();
    }

    @Override
    public void close() {
        clients.values().forEach(MCPClient::close);
        registry.stopAll();
    }
}
