package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.fixture.PgBouncer;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * A server behind a PgBouncer in transaction mode. Each transaction may run in another session, and other applications use
 * the same sessions. The tests fail if the server leaves state in a session or relies on state in it.
 */
@EnabledIf("io.qicore.mcp.fixture.PgBouncer#isThere")
class PgBouncerIT {

    /** Selects the state that a session would keep for its next client. */
    private static final String SESSION = "SELECT concat_ws(' ', current_setting('statement_timeout'),"
            + " current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'),"
            + " current_setting('default_transaction_read_only'), current_setting('transaction_read_only'),"
            + " current_setting('transaction_isolation'), current_setting('search_path'), current_setting('IntervalStyle'),"
            + " current_user, current_setting('role'),"
            + " (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors),"
            + " (SELECT count(*) FROM pg_listening_channels()),"
            + " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'))";

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    private static PgBouncer bouncer;
    private static TimescaleMCPServer server;
    private static MCPClient client;

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE ticks (time timestamptz NOT NULL, symbol text, price float8)",
                "INSERT INTO ticks SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '1 minute', 'BTC', i"
                        + " FROM generate_series(0, 999) i",
                "CREATE FUNCTION slow() RETURNS int LANGUAGE plpgsql AS 'BEGIN LOOP END LOOP; RETURN 1; END'");
        bouncer = PgBouncer.inFrontOf(world.database);
        server = new TimescaleMCPServer(
                new TimescaleConnection(
                        bouncer.jdbcUrl(), world.database.postgres().username(), "x", 8),
                TimescaleWorld.OPTIONS.toBuilder()
                        .server(ServerSettings.builder()
                                .callTimeout(Duration.ofSeconds(5))
                                .build())
                        .build());
        server.initialize();
        client = MCPClient.inProcess(server);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        bouncer.close();
    }

    @Test
    void concurrentCalls_getTheirOwnAnswers_andLeaveTheSessionsUnchanged() throws Exception {
        String before = neighbour(SESSION);
        var neighbours = new ConcurrentLinkedQueue<String>();
        List<Integer> answers = IntStream.range(0, 400)
                .parallel()
                .mapToObj(i -> {
                    switch (i % 8) {
                        case 0 -> call("list_tables", Map.of());
                        case 1 -> call("explain_query", Map.of("sql", "SELECT * FROM ticks", "analyze", true));
                        case 2 ->
                            call(
                                    "get_time_buckets",
                                    Map.of(
                                            "table",
                                            "ticks",
                                            "interval",
                                            "1h",
                                            "aggregates",
                                            List.of("avg(price)"),
                                            "from",
                                            "2026-01-01",
                                            "to",
                                            "2026-01-02",
                                            "fill",
                                            "locf"));
                        case 3 -> failure("SELECT nosuch FROM ticks");
                        case 4 -> failure("SELECT 1 / (price - price) FROM ticks");
                        case 5 -> neighbours.add(neighbour(SESSION));
                        default -> {}
                    }
                    return call(
                                    "query",
                                    Map.of("sql", "SELECT :i::int FROM ticks LIMIT 1", "parameters", Map.of("i", i)))
                            .path("rows")
                            .path(0)
                            .path(0)
                            .asInt();
                })
                .toList();
        assertThat(answers).isEqualTo(IntStream.range(0, 400).boxed().toList());
        assertThat(neighbours).hasSize(50).containsOnly(before);
        assertThat(neighbour(SESSION)).isEqualTo(before);
        assertThat(world.database.fetch(
                        "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"))
                .isEqualTo("0");
    }

    @Test
    void pages_areReadAcrossSessions() {
        List<Double> prices = new ArrayList<>();
        String cursor = null;
        do {
            Map<String, Object> arguments = new java.util.HashMap<>(
                    Map.of("sql", "SELECT time, price FROM ticks", "pageBy", List.of("time"), "maxRows", 300));
            if (cursor != null) {
                arguments.put("cursor", cursor);
            }
            JsonNode page = call("query", arguments);
            page.path("rows").forEach(row -> prices.add(row.path(1).asDouble()));
            cursor = page.hasNonNull("nextCursor") ? page.path("nextCursor").asText() : null;
        } while (cursor != null);
        assertThat(prices).hasSize(1000).isSorted();
    }

    @Test
    void endlessStatement_endsInTheDatabase_andItsSessionServesTheNextCall() throws Exception {
        for (int i = 0; i < 3; i++) {
            MCPToolError error = failure("SELECT slow()");
            assertThat(error.is(TimescaleErrorCode.QUERY_TIMEOUT))
                    .as(error.toString())
                    .isTrue();
        }
        await().atMost(Duration.ofSeconds(2)).until(() -> world.database
                .fetch("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%slow()%'"
                        + " AND state = 'active' AND pid <> pg_backend_pid()")
                .equals("0"));
        assertThat(call("query", Map.of("sql", "SELECT 1")).path("rowCount").asInt())
                .isEqualTo(1);
    }

    @Test
    void statements_runAsTheRoleForReading_andGiveItBack() {
        for (int i = 0; i < 20; i++) {
            assertThat(call("query", Map.of("sql", "SELECT current_user"))
                            .at("/rows/0/0")
                            .asText())
                    .isEqualTo("pg_read_all_data");
            assertThat(neighbour("SELECT current_user"))
                    .isEqualTo(world.database.postgres().username());
        }
    }

    @Test
    void writes_areVisibleToOtherApplications() throws Exception {
        JsonNode created = call(
                "create_table", Map.of("table", "through", "columns", List.of(Map.of("name", "a", "type", "int"))));
        assertThat(created.path("created").asBoolean()).isTrue();
        assertThat(neighbour("INSERT INTO through VALUES (1) RETURNING a")).isEqualTo("1");
        assertThat(call("describe_table", Map.of("table", "through")).path("columns"))
                .hasSize(1);
    }

    private static JsonNode call(String tool, Map<String, ?> arguments) {
        return client.call(tool, arguments);
    }

    private static MCPToolError failure(String sql) {
        return Tools.failure(client, "query", Map.of("sql", sql));
    }

    /** Runs a statement as another application through the same pool, and returns its result. */
    private static String neighbour(String sql) {
        try (Connection connection = DriverManager.getConnection(
                        bouncer.jdbcUrl() + "&prepareThreshold=0",
                        world.database.postgres().username(),
                        "x");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
