package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.fixture.Tools;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tools for time series on plain PostgreSQL. */
class SeriesToolsIT {

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        world.database.execute(
                "CREATE TABLE ticks (time timestamptz NOT NULL, symbol text, price numeric, size numeric)",
                // One tick a minute from 0:00 to 3:59, with a gap from 1:00 to 1:59. The price in each hour is 100,
                // 101, …
                "INSERT INTO ticks SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '1 minute', s, 100 + i % 60, 2"
                        + " FROM generate_series(0, 239) i, unnest(ARRAY['BTC', 'ETH']) s WHERE i NOT BETWEEN 60 AND 119",
                "INSERT INTO ticks VALUES ('2026-01-01 03:59+00', 'BTC', 159, 2), ('2026-01-01 03:30:30+00', 'BTC', 1, 2)",
                "CREATE TABLE single (at timestamp, value float8)",
                "INSERT INTO single VALUES ('2026-01-01 00:10', 1), ('2026-01-01 02:10', 3)",
                "CREATE TABLE nothing (at timestamptz)",
                "CREATE TABLE two (a timestamptz, b timestamptz)",
                "CREATE TABLE none (a int)",
                "CREATE ROLE blind LOGIN PASSWORD 'blind'");
    }

    @Test
    void candlesticks_areAggregatedFromTicks() throws Exception {
        JsonNode candles = world.call(
                        "get_candlesticks",
                        Map.of("table", "ticks", "symbol", "ETH", "interval", "1h", "volumeColumn", "size"))
                .path("candles");
        assertThat(candles).hasSize(3);
        assertThat(candles.path(0))
                .isEqualTo(
                        json("{'symbol': 'ETH', 'time': '2026-01-01T00:00:00Z', 'open': 100, 'high': 159, 'low': 100,"
                                + " 'close': 159, 'volume': 120, 'vwap': 129.5}"));
        assertThat(world.call("get_candlesticks", Map.of("table", "single", "interval", "1d", "priceColumn", "value"))
                        .path("candles"))
                .isEqualTo(json("[{'time': '2026-01-01T00:00:00Z', 'open': 1, 'high': 3, 'low': 1, 'close': 3}]"));
    }

    @Test
    void gaps_areFilledAsRequested() throws Exception {
        assertThat(buckets("none").path("rows"))
                .isEqualTo(json("[['2026-01-01T00:00:00Z', 1.0, 1], ['2026-01-01T02:00:00Z', 3.0, 1]]"));
        assertThat(buckets("null").path("rows").path(1)).isEqualTo(json("['2026-01-01T01:00:00Z', null, 0]"));
        assertThat(buckets("locf").path("rows").path(1)).isEqualTo(json("['2026-01-01T01:00:00Z', 1.0, 0]"));
        assertThat(buckets("interpolate").path("rows"))
                .isEqualTo(json("[['2026-01-01T00:00:00Z', 1.0, 1], ['2026-01-01T01:00:00Z', 2.0, 0],"
                        + " ['2026-01-01T02:00:00Z', 3.0, 1], ['2026-01-01T03:00:00Z', null, 0]]"));
        assertThat(buckets("none").path("columns")).isEqualTo(json("['bucket', 'mean', 'count']"));
    }

    @Test
    void series_areGrouped_andTooManyBucketsAreRefused() {
        Map<String, Object> arguments = new HashMap<>(Map.of(
                "table", "ticks",
                "interval", "1h",
                "from", "2026-01-01",
                "to", "2026-01-01T04:00:00Z",
                "groupBy", "symbol",
                "fill", "null",
                "aggregates", List.of("first(price)", "count(*)")));
        assertThat(world.call("get_time_buckets", arguments).path("rows")).hasSize(8);
        arguments.put("interval", "15s");
        assertThat(world.failure("get_time_buckets", arguments))
                .matches(e -> e.is(TimescaleErrorCode.TOO_MANY_BUCKETS))
                .hasMessageContaining("960 buckets for each of 2 series")
                .hasMessageContaining("interval of at least");
        arguments.put("interval", "1s");
        assertThat(world.failure("get_time_buckets", arguments)).hasMessageContaining("14400 buckets;");
    }

    @Test
    void latest_isOneRowOfEachSeries() throws Exception {
        JsonNode latest = world.call("get_latest", Map.of("table", "ticks", "groupBy", "symbol"));
        assertThat(latest.path("columns")).isEqualTo(json("['time', 'symbol', 'price', 'size']"));
        assertThat(latest.path("rows"))
                .isEqualTo(json("[['2026-01-01T03:59:00Z', 'BTC', 159, 2], ['2026-01-01T03:59:00Z', 'ETH', 159, 2]]"));
        assertThat(world.call(
                                "get_latest",
                                Map.of(
                                        "table",
                                        "ticks",
                                        "groupBy",
                                        "symbol",
                                        "series",
                                        List.of("ETH"),
                                        "from",
                                        "2026-01-01"))
                        .path("rows"))
                .hasSize(1);
        assertThat(world.call("get_latest", Map.of("table", "single", "limit", 1))
                        .path("truncated")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void ingestHealth_findsGapsLateAndDuplicateRows() {
        JsonNode health =
                world.call("get_ingest_health", Map.of("table", "ticks", "groupBy", "symbol", "window", "4h"));
        assertThat(health.path("newest").asText()).isEqualTo("2026-01-01T03:59:00Z");
        assertThat(health.path("rows").asLong()).isEqualTo(362);
        assertThat(health.path("rowsPerMinute").asDouble()).isEqualTo(1.51);
        JsonNode btc = health.path("series").path(0);
        assertThat(btc.path("series").asText()).isEqualTo("BTC");
        assertThat(btc.path("gaps").asLong()).isEqualTo(1);
        assertThat(btc.path("largestGapSeconds").asDouble()).isEqualTo(3660);
        assertThat(btc.path("largestGapEnd").asText()).isEqualTo("2026-01-01T02:00:00Z");
        assertThat(btc.path("duplicates").asLong()).isEqualTo(1);
        assertThat(btc.path("late").asLong()).isEqualTo(1);
        assertThat(health.path("series").path(1).path("late").asLong()).isZero();
        assertThat(world.call("get_ingest_health", Map.of("table", "nothing")).has("newest"))
                .isFalse();
    }

    @Test
    void missingOrAmbiguousTimeColumn_isRefused() {
        assertThat(world.failure("get_latest", Map.of("table", "none"))).hasMessageContaining("not a time series");
        assertThat(world.failure("get_latest", Map.of("table", "two"))).hasMessageContaining("a, b");
    }

    @Test
    void tableThatMayNotBeRead_isRefused_withTheMissingGrant() throws Exception {
        try (var server = new TimescaleMCPServer(world.connection("blind", "blind"))) {
            server.initialize();
            assertThat(Tools.failure(server, "get_latest", Map.of("table", "ticks")))
                    .matches(e -> e.is(StandardErrorCode.NOT_AUTHORIZED))
                    .hasMessageContaining("GRANT SELECT ON public.ticks TO \"blind\"");
        }
    }

    private static JsonNode buckets(String fill) {
        return world.call(
                "get_time_buckets",
                Map.of(
                        "table", "single",
                        "interval", "1h",
                        "from", "2026-01-01",
                        "to", "2026-01-01T04:00:00Z",
                        "fill", fill,
                        "aggregates", List.of("avg(value) as mean", "count(*)")));
    }
}
