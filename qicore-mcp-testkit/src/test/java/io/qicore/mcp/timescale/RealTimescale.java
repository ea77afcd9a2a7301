package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * A database with TimescaleDB, which no artifact brings along, and a server in front of it. It may take one connection at
 * a time only.
 */
final class RealTimescale implements AutoCloseable {

    private static final String URL = System.getProperty("timescaledb.url", "");

    private final TimescaleMCPServer server;
    private final MCPClient client;

    private RealTimescale(TimescaleOptions options) throws Exception {
        this.server = new TimescaleMCPServer(new TimescaleConnection(URL, null, null, 1), options);
        server.initialize();
        this.client = MCPClient.inProcess(server);
    }

    /** Whether there is one; says how to give one if not. */
    static boolean isThere() {
        if (URL.isEmpty()) {
            System.out.println("NOT RUN: tools on a real TimescaleDB. To run them: bash .ci/timescale, or mvn verify"
                    + " -Dtimescaledb.url='jdbc:postgresql://localhost:5432/postgres?user=postgres&password=…'");
        }
        return !URL.isEmpty();
    }

    static RealTimescale connect(TimescaleOptions options) throws Exception {
        return new RealTimescale(options);
    }

    JsonNode call(String tool, Map<String, ?> arguments) {
        return client.call(tool, arguments);
    }

    MCPToolError failure(String tool, Map<String, ?> arguments) {
        return catchThrowableOfType(MCPToolError.class, () -> call(tool, arguments));
    }

    /** Beside any server; none may be connected meanwhile. */
    static void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(URL);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
