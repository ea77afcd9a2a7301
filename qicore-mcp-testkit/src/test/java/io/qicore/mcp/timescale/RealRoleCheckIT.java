package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.RealTimescale;
import io.qicore.mcp.fixture.SingleConnectionDataSource;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.timescale.internal.connect.Confinement;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.role.RoleCheck;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Checks that a role is not refused for what TimescaleDB grants to everybody in its own schemas; see {@link RealTimescale}. */
@EnabledIf("io.qicore.mcp.fixture.RealTimescale#isThere")
class RealRoleCheckIT {

    private static final String URL = System.getProperty("timescaledb.url", "");

    @BeforeAll
    static void prepare() throws Exception {
        RealTimescale.execute(
                "DROP SCHEMA IF EXISTS role_it CASCADE",
                "CREATE SCHEMA role_it",
                "CREATE TABLE role_it.ticks (time timestamptz NOT NULL, price int)",
                "SELECT create_hypertable('role_it.ticks', 'time', chunk_time_interval => INTERVAL '1 day')",
                "INSERT INTO role_it.ticks SELECT now() + i * interval '1 day', i FROM generate_series(1, 5) i",
                "CREATE TABLE role_it.plain (time timestamptz NOT NULL)",
                "CREATE ROLE role_it_reader",
                // The WebAssembly build does not find the two privileges below before it has rewritten pg_class.
                "VACUUM FULL pg_class",
                "GRANT SELECT ON pg_database, pg_auth_members TO PUBLIC",
                "GRANT USAGE ON SCHEMA role_it TO role_it_reader",
                "GRANT SELECT ON ALL TABLES IN SCHEMA role_it TO role_it_reader");
    }

    @AfterAll
    static void remove() throws Exception {
        RealTimescale.execute(
                "DROP SCHEMA role_it CASCADE", "DROP OWNED BY role_it_reader", "DROP ROLE role_it_reader");
    }

    @Test
    void roleThatOnlyReads_isAccepted_forAReadOnlyServer() throws Exception {
        assertThatCode(() -> start(
                        "role_it_reader",
                        TimescaleOptions.builder()
                                .policy(TimescalePolicy.builder().readOnly(true).build())
                                .build()))
                .doesNotThrowAnyException();
    }

    @Test
    void roleThatOnlyReads_isReported_forAServerThatWrites() throws Exception {
        assertThat(verdict("role_it_reader", true)).contains("GRANT USAGE, CREATE ON SCHEMA public TO role_it_reader;");
    }

    @Test
    void superuser_isReported_withTheRoleToCreate() throws Exception {
        assertThat(verdict("postgres", false))
                .contains("is a superuser", "GRANT USAGE ON SCHEMA public, role_it TO mcp_reader;");
    }

    @Test
    void toolsThatWrite_nameTheMissingGrant_beforeTheyRunAnything() throws Exception {
        String owner = "GRANT \"postgres\" TO \"role_it_reader\"; Nothing was run.";
        String creator = "GRANT USAGE, CREATE ON SCHEMA role_it TO \"role_it_reader\"; Nothing was run.";
        Map<String, Map<String, ?>> ownersTools = Map.of(
                "set_chunk_interval", Map.of("table", "role_it.ticks", "chunkInterval", "1d"),
                "drop_chunks", Map.of("table", "role_it.ticks", "olderThan", "1d"),
                "create_hypertable", Map.of("table", "role_it.plain", "timeColumn", "time"),
                "set_columnstore", Map.of("table", "role_it.ticks"),
                "add_policy", Map.of("table", "role_it.ticks", "type", "retention", "after", "1d"),
                "remove_policy", Map.of("table", "role_it.ticks", "type", "retention"));
        Map<String, Map<String, ?>> creatorsTools = Map.of(
                "create_table", Map.of("table", "role_it.new", "columns", List.of(Map.of("name", "a", "type", "int"))));
        Map<String, ?> aggregate = Map.of(
                "name", "role_it.v", "table", "role_it.ticks", "interval", "1h", "aggregates", List.of("count(*)"));
        start("role_it_reader", TimescaleOptions.defaults(), RoleCheckMode.OFF, client -> {
            ownersTools.forEach((tool, arguments) -> assertMissing(client, tool, arguments, owner));
            creatorsTools.forEach((tool, arguments) -> assertMissing(client, tool, arguments, creator));
            assertMissing(client, "create_continuous_aggregate", aggregate, owner);
        });
    }

    private static void assertMissing(MCPClient client, String tool, Map<String, ?> arguments, String grant) {
        assertThat(Tools.failure(client, tool, arguments))
                .as(tool)
                .matches(error -> error.is(StandardErrorCode.NOT_AUTHORIZED))
                .hasMessageEndingWith(grant);
    }

    /** Returns what the check says about a role. */
    private static String verdict(String role, boolean writes) throws Exception {
        try (Connection connection = DriverManager.getConnection(URL)) {
            execute(connection, "SET SESSION AUTHORIZATION " + role);
            try {
                return new Database(() -> SingleConnectionDataSource.of(connection), new Confinement(null, false), null)
                        .observe(
                                RequestContext.ofTimeout(Duration.ofSeconds(20)),
                                session -> RoleCheck.of(session, writes))
                        .toString();
            } finally {
                execute(connection, "SET SESSION AUTHORIZATION postgres");
            }
        }
    }

    private static void start(String role, TimescaleOptions options) throws Exception {
        start(role, options, RoleCheckMode.REFUSE, client -> {});
    }

    private static void start(String role, TimescaleOptions options, RoleCheckMode mode, Consumer<MCPClient> use)
            throws Exception {
        try (Connection connection = DriverManager.getConnection(URL)) {
            execute(connection, "SET SESSION AUTHORIZATION " + role);
            try (var server = new TimescaleMCPServer(
                    SingleConnectionDataSource.of(connection),
                    options.toBuilder().roleCheck(mode).build())) {
                server.initialize();
                use.accept(MCPClient.inProcess(server));
            } finally {
                // The WebAssembly build has one session for all connections.
                execute(connection, "SET SESSION AUTHORIZATION postgres");
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
