package io.qicore.mcp.timescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.fixture.PlantedMatches;
import io.qicore.mcp.fixture.SqlRecorder;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.timescale.access.TimescaleConnection;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * The SQL of this server never runs a function or an operator that somebody created in {@code public}. What the tools send is
 * recorded, better matches for all of it are created, and the tools run again, as superuser.
 */
class OwnSqlIT {

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @Test
    void functionsOfOthers_areNeverRun() throws Exception {
        world.database.execute(
                "CREATE DOMAIN positive AS numeric CHECK (VALUE > 0)",
                "CREATE TYPE mood AS ENUM ('good', 'bad')",
                "CREATE TABLE ticks (time timestamptz PRIMARY KEY, symbol text DEFAULT 'x', price numeric, size positive,"
                        + " mood mood, tags text[], doc jsonb, raw bytea, at inet, span tstzrange)",
                "CREATE INDEX ON ticks (symbol)",
                "COMMENT ON TABLE ticks IS 'ticks'",
                "CREATE VIEW newest AS SELECT * FROM ticks",
                "INSERT INTO ticks SELECT now() - i * interval '1 min', 's' || i % 3, i, i + 1, 'good', ARRAY['a'],"
                        + " '{\"a\": 1}', '\\x01', '127.0.0.1', tstzrange(now(), now()) FROM generate_series(1, 50) i");
        try (SqlRecorder recorder = new SqlRecorder(world.database.postgres().port());
                TimescaleMCPServer server = server(recorder);
                Connection superuser = world.database.dataSource().getConnection()) {
            server.initialize();
            MCPClient client = MCPClient.inProcess(server);
            Map<String, String> before = runAll(client, "made_before");
            Set<String> planted = PlantedMatches.plant(superuser, recorder.statements());
            assertThat(planted)
                    .contains("=", "<>", "||", "set_config", "format", "left", "count", "max", "array_position")
                    .hasSizeGreaterThan(60);
            assertThatThrownBy(() -> world.database.fetch("SELECT left('x'::varchar, 1)"))
                    .hasMessageContaining(PlantedMatches.MARK);
            assertThatThrownBy(() -> world.database.fetch("SELECT 'x'::name || 'y'::varchar"))
                    .hasMessageContaining(PlantedMatches.MARK);

            try (TimescaleMCPServer fresh = server(recorder)) {
                fresh.initialize();
                Map<String, String> after = runAll(MCPClient.inProcess(fresh), "made_after");
                after.forEach((call, outcome) -> assertThat(outcome).as(call).doesNotContain(PlantedMatches.MARK));
                after.forEach((call, outcome) -> assertThat(outcome.startsWith("failed"))
                        .as(call + ": " + outcome)
                        .isEqualTo(before.get(call).startsWith("failed")));
            }
        }
    }

    private static TimescaleMCPServer server(SqlRecorder recorder) {
        return new TimescaleMCPServer(
                new TimescaleConnection(
                        "jdbc:postgresql://127.0.0.1:" + recorder.port() + "/" + world.database.name()
                                + "?sslmode=disable",
                        world.database.postgres().username(),
                        world.database.postgres().password(),
                        1),
                TimescaleOptions.defaults());
    }

    /** Calls every tool, also those that need TimescaleDB and end with an error here. */
    private static Map<String, String> runAll(MCPClient client, String newTable) {
        Map<String, Map<String, ?>> calls = new LinkedHashMap<>();
        calls.put("list_schemas", Map.of());
        calls.put("list_tables", Map.of("schema", "public"));
        calls.put("describe_table", Map.of("table", "ticks"));
        calls.put("query", Map.of("sql", "SELECT * FROM ticks"));
        calls.put("query ", Map.of("sql", "SELECT * FROM newest", "pageBy", List.of("time"), "maxRows", 7));
        calls.put("query  ", Map.of("sql", "SELECT * FROM tickz"));
        calls.put(
                "explain_query",
                Map.of("sql", "SELECT * FROM ticks WHERE symbol = :s", "parameters", Map.of("s", "s1")));
        calls.put("get_latest", Map.of("table", "ticks", "groupBy", "symbol", "series", List.of("s1")));
        calls.put("get_ingest_health", Map.of("table", "ticks", "groupBy", "symbol"));
        calls.put(
                "get_time_buckets",
                Map.of(
                        "table",
                        "ticks",
                        "interval",
                        "5m",
                        "from",
                        "2h",
                        "groupBy",
                        "symbol",
                        "fill",
                        "locf",
                        "aggregates",
                        List.of("avg(price)", "first(price)", "last(price)", "max(size)", "count(*)")));
        calls.put("get_candlesticks", Map.of("table", "ticks", "interval", "5m", "from", "2h"));
        calls.put("get_health", Map.of());
        calls.put("get_top_queries", Map.of());
        calls.put("cancel_query", Map.of("pid", 1, "dryRun", true));
        calls.put(
                "create_table",
                Map.of(
                        "table",
                        newTable,
                        "columns",
                        List.of(Map.of("name", "a", "type", "numeric(20,8)")),
                        "primaryKey",
                        List.of("a")));
        for (String tool : List.of("list_hypertables", "list_policies", "list_jobs")) {
            calls.put(tool, Map.of());
        }
        for (String tool : List.of("describe_hypertable", "list_chunks")) {
            calls.put(tool, Map.of("table", "ticks"));
        }
        calls.put("create_hypertable", Map.of("table", "ticks", "timeColumn", "time"));
        calls.put("set_chunk_interval", Map.of("table", "ticks", "chunkInterval", "1d"));
        calls.put("drop_chunks", Map.of("table", "ticks", "olderThan", "1d"));
        calls.put("set_columnstore", Map.of("table", "ticks"));
        calls.put("add_policy", Map.of("table", "ticks", "type", "retention", "after", "1d"));
        calls.put("remove_policy", Map.of("table", "ticks", "type", "retention"));
        calls.put("run_job", Map.of("jobId", 1));
        calls.put("refresh_continuous_aggregate", Map.of("name", "newest"));
        calls.put(
                "create_continuous_aggregate",
                Map.of("name", "v", "table", "ticks", "interval", "1h", "aggregates", List.of("count(*)")));
        Map<String, String> outcomes = new LinkedHashMap<>();
        calls.forEach((tool, arguments) -> outcomes.put(tool, outcome(client, tool.strip(), arguments)));
        List<String> called = new ArrayList<>(
                calls.keySet().stream().map(String::strip).distinct().toList());
        assertThat(called)
                .containsExactlyInAnyOrderElementsOf(
                        client.listTools().stream().map(ToolDescription::name).toList());
        return outcomes;
    }

    private static String outcome(MCPClient client, String tool, Map<String, ?> arguments) {
        try {
            JsonNode result = client.call(tool, arguments);
            return result.toString();
        } catch (MCPToolError e) {
            return "failed: " + e + e.context();
        }
    }
}
