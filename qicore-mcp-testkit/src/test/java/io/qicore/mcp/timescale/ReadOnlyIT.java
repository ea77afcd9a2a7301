package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.SingleConnectionDataSource;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.timescale.access.RoleCheckMode;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Side effects that the text of a statement does not show, and the state of connections after a call. See also SqlAttackIT. */
class ReadOnlyIT {

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE t (id int)",
                "INSERT INTO t VALUES (1), (2)",
                "CREATE FUNCTION locking(int, int) RETURNS bool LANGUAGE plpgsql AS"
                        + " 'BEGIN RETURN pg_try_advisory_lock($1, $2); END'");
    }

    @Test
    void lockOfATrustedFunction_isReleased() throws Exception {
        TimescaleOptions options = TimescaleOptions.builder()
                .roleCheck(RoleCheckMode.OFF)
                .policy(TimescalePolicy.builder()
                        .trustedObjects("public.locking")
                        .build())
                .build();
        try (var server = new TimescaleMCPServer(world.connection(), options)) {
            server.initialize();
            assertThat(Tools.call(server, "query", Map.of("sql", "SELECT locking(1, 2)"))
                            .at("/rows/0/0")
                            .asBoolean())
                    .isTrue();
            assertThat(Tools.failure(server, "query", Map.of("sql", "SELECT locking(1, 2), 1 / 0")))
                    .hasMessageContaining("division");
        }
        assertThat(world.database.fetch("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                .isEqualTo("0");
    }

    @Test
    void applicationsConnection_isReturnedUnchanged() throws Exception {
        try (var single = world.database.dataSource().getConnection()) {
            var source = SingleConnectionDataSource.of(single);
            single.setAutoCommit(false);
            try (var server = new TimescaleMCPServer(source)) {
                server.initialize();
                var client = MCPClient.inProcess(server);
                client.call("query", Map.of("sql", "SELECT 1"));
            }
            assertThat(single.isClosed()).isFalse();
            assertThat(single.getAutoCommit()).isFalse();
            assertThat(single.getNetworkTimeout()).isZero();
            try (var statement = single.createStatement();
                    var result = statement.executeQuery("SHOW transaction_read_only")) {
                result.next();
                assertThat(result.getString(1)).isEqualTo("off");
            }
            single.rollback();
        }
    }

    @Test
    void applicationsOpenTransaction_isNotTouched() throws Exception {
        try (var single = world.database.dataSource().getConnection();
                var statement = single.createStatement()) {
            single.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES (3)");
            try (var server = new TimescaleMCPServer(SingleConnectionDataSource.of(single))) {
                server.initialize();
                var client = MCPClient.inProcess(server);
                MCPToolError error = Tools.failure(client, "query", Map.of("sql", "SELECT 1"));
                assertThat(error).hasMessageContaining("idle connections");
            }
            try (var result = statement.executeQuery("SELECT count(*) FROM t")) {
                result.next();
                assertThat(result.getInt(1)).isEqualTo(3);
            }
            single.rollback();
        }
    }
}
