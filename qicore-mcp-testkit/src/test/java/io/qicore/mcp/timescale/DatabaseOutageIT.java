package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.TcpProxy;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DatabaseOutageIT {

    /** A statement that the guard accepts and that takes longer than any deadline. */
    private static final String SLOW = "SELECT count(*) FROM generate_series(1::bigint, 10000000000)";

    private static final Map<String, Object> QUERY = Map.of("sql", "SELECT 1");

    private static final List<Map.Entry<String, Map<String, Object>>> CALLS = List.of(
            Map.entry("query", QUERY),
            Map.entry("list_tables", Map.of()),
            Map.entry("describe_table", Map.of("table", "t")),
            Map.entry("create_table", Map.of("table", "n", "columns", List.of(Map.of("name", "a", "type", "int")))),
            Map.entry("create_hypertable", Map.of("table", "t", "timeColumn", "time")),
            Map.entry("get_candlesticks", Map.of("table", "t", "interval", "1m")));

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @Test
    void stoppedDatabase_givesATypedErrorWithinTheDeadline_andCallsWorkAfterItsRestart() throws Exception {
        try (var proxy = new TcpProxy(world.database.postgres().port());
                var server = new TimescaleMCPServer(connection(proxy.port(), "postgres"))) {
            server.initialize();
            var client = MCPClient.inProcess(server);
            assertThat(client.call("query", QUERY).path("rowCount").asInt()).isEqualTo(1);
            proxy.cut();
            for (var call : CALLS) {
                long start = System.nanoTime();
                MCPToolError error = failure(client, call.getKey(), call.getValue());
                assertThat(error.is(TimescaleErrorCode.DATABASE_UNAVAILABLE))
                        .as(call.getKey() + ": " + error)
                        .isTrue();
                assertThat(error.retryable()).isTrue();
                assertThat(error.getMessage() + error.context())
                        .doesNotContain("secret")
                        .doesNotContain("localhost");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
            }
            proxy.restore();
            assertThat(client.call("query", QUERY).path("rowCount").asInt()).isEqualTo(1);
        }
    }

    @Test
    void serverStartsImmediately_whileTheDatabaseIsDown() throws Exception {
        long start = System.nanoTime();
        try (var server = new TimescaleMCPServer(connection(1, "postgres"))) {
            server.initialize();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            assertThat(failure(MCPClient.inProcess(server), "query", QUERY))
                    .matches(e -> e.is(TimescaleErrorCode.DATABASE_UNAVAILABLE));
        }
    }

    @Test
    void connectionsLostInARestart_areReplacedWithoutAFailure() throws Exception {
        assertThat(world.cell("SELECT 1").asInt()).isEqualTo(1);
        world.database.fetch("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name ="
                + " 'qicore-mcp-timescale'");
        assertThat(world.cell("SELECT 1").asInt()).isEqualTo(1);
    }

    @Test
    void callOverASilentNetwork_endsAtTheDeadline_andCallsWorkAfterwards() throws Exception {
        try (var proxy = new TcpProxy(world.database.postgres().port());
                var server = new TimescaleMCPServer(
                        connection(proxy.port(), "postgres"),
                        TimescaleOptions.builder()
                                .server(ServerSettings.builder()
                                        .callTimeout(Duration.ofSeconds(2))
                                        .build())
                                .build())) {
            server.initialize();
            var client = MCPClient.inProcess(server);
            client.call("query", QUERY);
            proxy.silence();
            long start = System.nanoTime();
            assertThat(failure(client, "query", QUERY)).isNotNull();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            proxy.cut();
            proxy.restore();
            await().ignoreExceptions().untilAsserted(() -> assertThat(
                            client.call("query", QUERY).path("rowCount").asInt())
                    .isEqualTo(1));
        }
    }

    @Test
    void unknownDatabase_isReported() throws Exception {
        try (var server =
                new TimescaleMCPServer(connection(world.database.postgres().port(), "nosuch"))) {
            server.initialize();
            assertThat(failure(MCPClient.inProcess(server), "query", QUERY))
                    .matches(e -> e.is(TimescaleErrorCode.DATABASE_UNAVAILABLE))
                    .hasMessageContaining("does not exist");
        }
    }

    @Test
    void wrongUser_isNotAuthorized() throws Exception {
        try (var server = new TimescaleMCPServer(world.connection("nobody_knows", "secret"))) {
            server.initialize();
            assertThat(failure(MCPClient.inProcess(server), "query", QUERY))
                    .matches(e -> e.is(StandardErrorCode.NOT_AUTHORIZED))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
        }
    }

    @Test
    void exhaustedPool_isATypedError() throws Exception {
        try (var server = new TimescaleMCPServer(new TimescaleConnection(
                world.database.jdbcUrl(), world.database.postgres().username(), null, 1))) {
            server.initialize();
            var client = MCPClient.inProcess(server);
            var busy = new Thread(() -> failure(client, "query", Map.of("sql", SLOW)));
            busy.start();
            await().until(() -> world.database
                    .fetch("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series(1::bigint%'"
                            + " AND state = 'active' AND pid <> pg_backend_pid()")
                    .equals("1"));
            assertThat(failure(client, "query", QUERY)).matches(e -> e.is(TimescaleErrorCode.DATABASE_UNAVAILABLE));
            busy.join();
        }
    }

    private static TimescaleConnection connection(int port, String database) {
        return new TimescaleConnection(
                "postgresql://postgres:secret@localhost:" + port + "/" + database + "?sslmode=disable", null, null);
    }
}
