package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTimeoutIT {

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @AutoClose
    private static final TimescaleMCPServer server = new TimescaleMCPServer(
            world.connection(),
            TimescaleOptions.builder()
                    .server(ServerSettings.builder().callTimeout(CALL_TIMEOUT).build())
                    .build());

    private static MCPClient client;

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE t (time timestamptz, id int)",
                "CREATE FUNCTION slow() RETURNS int LANGUAGE plpgsql AS 'BEGIN LOOP END LOOP; RETURN 1; END'");
        server.initialize();
        client = MCPClient.inProcess(server);
        // Loads the classes that handle an error. Otherwise that would take up part of the first deadline.
        failure(client, "query", Map.of("sql", "SELECT nosuch"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT slow()",
                "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b",
                "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
                "SELECT array_agg(i) FROM generate_series(1, 2000000000) i"
            })
    void endlessStatement_endsAtTheDeadline_alsoInTheDatabase(String sql) {
        long start = System.nanoTime();
        MCPToolError error = failure(client, "query", Map.of("sql", sql));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CALL_TIMEOUT.plusSeconds(1));
        assertThat(error.is(TimescaleErrorCode.QUERY_TIMEOUT))
                .as(error.toString())
                .isTrue();
        assertThat(error).hasMessageContaining("Narrow");
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(running()).isEqualTo("0"));
        assertThat(client.call("query", Map.of("sql", "SELECT 1"))
                        .path("rowCount")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void tableLockedByAnotherSession_isALockConflict() throws Exception {
        try (var other = world.database.dataSource().getConnection();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            for (String sql : List.of("SELECT * FROM t", "SELECT pg_total_relation_size('t')")) {
                MCPToolError error = failure(client, "query", Map.of("sql", sql));
                assertThat(error.is(TimescaleErrorCode.LOCK_CONFLICT))
                        .as(error.toString())
                        .isTrue();
                assertThat(error.retryable()).isTrue();
            }
            other.rollback();
        }
        assertThat(client.call("query", Map.of("sql", "SELECT * FROM t"))
                        .path("rowCount")
                        .asInt())
                .isZero();
    }

    @Test
    void stoppedServer_leavesNothingRunning() throws Exception {
        var stopping = new TimescaleMCPServer(
                world.connection(),
                TimescaleOptions.builder()
                        .server(ServerSettings.builder()
                                .callTimeout(Duration.ofMinutes(1))
                                .drainTimeout(Duration.ofSeconds(1))
                                .build())
                        .build());
        stopping.initialize();
        var call = new Thread(() -> catchThrowableOfType(
                Exception.class, () -> MCPClient.inProcess(stopping).call("query", Map.of("sql", "SELECT slow()"))));
        call.start();
        await().until(() -> running().equals("1"));
        stopping.close();
        await().atMost(Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(running()).isEqualTo("0"));
        call.join();
    }

    /** Returns the number of statements of servers that are running. */
    private static String running() throws Exception {
        return world.database.fetch(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'qicore-mcp-timescale'"
                        + " AND state <> 'idle'");
    }
}
