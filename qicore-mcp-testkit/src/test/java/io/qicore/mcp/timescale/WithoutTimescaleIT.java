package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.WireClient;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tools and resources on a PostgreSQL without TimescaleDB. */
class WithoutTimescaleIT {

    private static final Map<String, Map<String, ?>> NEED_TIMESCALE = Map.ofEntries(
            Map.entry("list_hypertables", Map.of()),
            Map.entry("describe_hypertable", Map.of("table", "t")),
            Map.entry("list_chunks", Map.of("table", "t")),
            Map.entry("set_chunk_interval", Map.of("table", "t", "chunkInterval", "1d")),
            Map.entry("drop_chunks", Map.of("table", "t", "olderThan", "1d")),
            Map.entry("set_columnstore", Map.of("table", "t")),
            Map.entry("add_policy", Map.of("table", "t", "type", "retention", "after", "1d")),
            Map.entry("remove_policy", Map.of("table", "t", "type", "retention")),
            Map.entry("list_policies", Map.of()),
            Map.entry(
                    "create_continuous_aggregate",
                    Map.of("name", "v", "table", "t", "interval", "1h", "aggregates", List.of("count(*)"))),
            Map.entry("refresh_continuous_aggregate", Map.of("name", "v")),
            Map.entry("list_jobs", Map.of()),
            Map.entry("run_job", Map.of("jobId", 1)));

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE SCHEMA market",
                "COMMENT ON SCHEMA market IS 'prices'",
                "CREATE TABLE market.t (time timestamptz PRIMARY KEY, parent int CHECK (parent > 0))",
                "CREATE VIEW market.v AS SELECT 1",
                "CREATE TABLE t (a int)");
    }

    @Test
    void toolsThatNeedTimescale_sayThatItIsMissing() {
        NEED_TIMESCALE.forEach((tool, arguments) -> assertThat(world.failure(tool, arguments))
                .as(tool)
                .matches(e -> e.is(TimescaleErrorCode.TIMESCALE_NOT_INSTALLED))
                .hasMessageContaining("CREATE EXTENSION timescaledb"));
    }

    @Test
    void schemas_areListed() throws Exception {
        assertThat(world.call("list_schemas", Map.of()).path("schemas").path(0))
                .isEqualTo(json("{'schema': 'market', 'owner': 'postgres', 'comment': 'prices', 'current': false,"
                        + " 'tables': 1, 'views': 1}"));
    }

    @Test
    void tables_areResources_withCompletionOfTheirNames() throws Exception {
        WireClient wire = new WireClient(world.server);
        assertThat(wire.request("resources/templates/list", Map.of())
                        .path("resourceTemplates")
                        .path(0)
                        .path("uriTemplate")
                        .asText())
                .isEqualTo("timescale://tables/{schema}.{table}");
        JsonNode contents = wire.request("resources/read", Map.of("uri", "timescale://tables/market.t"))
                .path("contents")
                .path(0);
        assertThat(contents.path("mimeType").asText()).isEqualTo("application/json");
        assertThat(json(contents.path("text").asText().replace("'", "`")))
                .isEqualTo(world.call("describe_table", Map.of("table", "market.t")));
        assertThat(complete(wire, "schema", "mar", Map.of())).isEqualTo(json("['market']"));
        assertThat(complete(wire, "table", "", Map.of("schema", "market"))).isEqualTo(json("['t', 'v']"));
    }

    private static JsonNode complete(WireClient wire, String variable, String typed, Map<String, String> others)
            throws Exception {
        return wire.request(
                        "completion/complete",
                        Map.of(
                                "ref",
                                Map.of("type", "ref/resource", "uri", "timescale://tables/{schema}.{table}"),
                                "argument",
                                Map.of("name", variable, "value", typed),
                                "context",
                                Map.of("arguments", others)))
                .path("completion")
                .path("values");
    }
}
