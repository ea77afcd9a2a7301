package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.testkit.EmbeddedPostgres;
import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A PostgreSQL with a server in front of it, which logs in as superuser: the worst case for what must not happen. */
final class TimescaleWorld implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    final EmbeddedPostgres postgres;
    final TimescaleMCPServer server;
    final MCPClient client;

    private TimescaleWorld(EmbeddedPostgres postgres) throws Exception {
        this.postgres = postgres;
        // That it is a superuser is meant.
        this.server = new TimescaleMCPServer(connection(), TimescaleOptions.DEFAULTS.withRoleCheck(RoleCheckMode.OFF));
        server.initialize();
        this.client = MCPClient.inProcess(server);
    }

    static TimescaleWorld start() throws Exception {
        return new TimescaleWorld(
                EmbeddedPostgres.builder().setting("fsync", "off").start());
    }

    TimescaleConnection connection() {
        return new TimescaleConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
    }

    JsonNode call(String tool, Map<String, ?> arguments) {
        return client.call(tool, arguments);
    }

    JsonNode query(String sql) {
        return call("query", Map.of("sql", sql));
    }

    /** The only cell of a result. */
    JsonNode cell(String sql) {
        return query(sql).path("rows").path(0).path(0);
    }

    MCPToolError failure(String tool, Map<String, ?> arguments) {
        return catchThrowableOfType(MCPToolError.class, () -> call(tool, arguments));
    }

    /** Does something in the database beside the server. */
    void execute(String... statements) throws SQLException {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The only value of a query beside the server. */
    String fetch(String sql) throws SQLException {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getString(1) : null;
        }
    }

    static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }

    @Override
    public void close() {
        client.close();
        server.close();
        postgres.close();
    }
}
