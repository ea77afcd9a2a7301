package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.fixture.RealTimescale;
import io.qicore.mcp.fixture.TimescaleWorld;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Time series tools with the functions of a real TimescaleDB; see {@link RealTimescale}. */
@EnabledIf("io.qicore.mcp.fixture.RealTimescale#isThere")
class RealSeriesIT {

    private static RealTimescale world;

    @BeforeAll
    static void start() throws Exception {
        RealTimescale.execute(
                "DROP SCHEMA IF EXISTS real_series CASCADE",
                "CREATE SCHEMA real_series",
                "CREATE TABLE real_series.ticks (time timestamptz NOT NULL, symbol text, price numeric, size numeric)",
                "SELECT create_hypertable('real_series.ticks', 'time', chunk_time_interval => interval '1 day')",
                "INSERT INTO real_series.ticks SELECT timestamptz '2026-03-27 00:00+00' + i * interval '15 minutes', 's' || i % 4,"
                        + " i, 1 FROM generate_series(0, 383) i",
                "INSERT INTO real_series.ticks VALUES ('2026-03-27 00:00:01+00', 's9', NULL, 100), ('2026-03-27 00:00:02+00',"
                        + " 's9', 10, 1), ('2026-03-27 00:00:03+00', 's9', 'NaN', 7), ('2026-03-27 00:00:04+00', 's9', 20, 3),"
                        + " ('2026-03-27 00:00:05+00', 's9', NULL, 50)",
                "CREATE INDEX ON real_series.ticks (symbol, time)",
                "CREATE TABLE real_series.steps (step bigint NOT NULL, v int)",
                "SELECT create_hypertable('real_series.steps', 'step', chunk_time_interval => 100)",
                "INSERT INTO real_series.steps SELECT i, i FROM generate_series(-50, 249) i",
                "ANALYZE real_series.ticks");
        world = RealTimescale.connect(TimescaleWorld.OPTIONS);
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
        RealTimescale.execute("DROP SCHEMA real_series CASCADE");
    }

    @Test
    void days_haveTheRowsOfTheirHours() throws Exception {
        assertThat(world.call(
                                "get_time_buckets",
                                Map.of(
                                        "table", "real_series.ticks",
                                        "interval", "1d",
                                        "from", "2026-03-28",
                                        "to", "2026-03-30",
                                        "timezone", "Europe/Berlin",
                                        "aggregates", List.of("count(*)", "first(price)", "last(price)")))
                        .path("rows"))
                .isEqualTo(json(
                        "[['2026-03-28T00:00:00+01:00', 96, 92, 187], ['2026-03-29T00:00:00+01:00', 92, 188, 279]]"));
    }

    @Test
    void gapsAreFilled_inUtc() throws Exception {
        assertThat(world.call(
                                "get_time_buckets",
                                Map.of(
                                        "table", "real_series.ticks",
                                        "interval", "12h",
                                        "from", "2026-03-26",
                                        "to", "2026-03-27T12:00:00Z",
                                        "fill", "null",
                                        "aggregates", List.of("count(*)")))
                        .path("rows"))
                .isEqualTo(json(
                        "[['2026-03-26T00:00:00Z', 0], ['2026-03-26T12:00:00Z', 0], ['2026-03-27T00:00:00Z', 53]]"));
    }

    @Test
    void candles_leaveOutWhatIsNoPrice() throws Exception {
        for (String interval : List.of("1h", "1mo")) {
            assertThat(world.call(
                                    "get_candlesticks",
                                    Map.of(
                                            "table", "real_series.ticks",
                                            "symbol", "s9",
                                            "volumeColumn", "size",
                                            "interval", interval))
                            .path("candles"))
                    .isEqualTo(
                            json(
                                    "[{'symbol': 's9', 'time': '"
                                            + (interval.equals("1h") ? "2026-03-27" : "2026-03-01")
                                            + "T00:00:00Z', 'open': 10, 'high': 20, 'low': 10, 'close': 20, 'volume': 161, 'vwap': 17.5}]"));
        }
    }

    @Test
    void integerHypertable_hasIntegerBuckets() throws Exception {
        assertThat(world.call(
                                "get_time_buckets",
                                Map.of(
                                        "table", "real_series.steps",
                                        "interval", "100",
                                        "from", "-50",
                                        "aggregates", List.of("count(*)", "last(v)")))
                        .path("rows"))
                .isEqualTo(json("[[-100, 50, -1], [0, 100, 99], [100, 100, 199], [200, 50, 249]]"));
        assertThat(world.call("get_latest", Map.of("table", "real_series.steps", "limit", 1))
                        .path("rows"))
                .isEqualTo(json("[[249, 249]]"));
    }

    @Test
    void latestRows_areThoseOfAllChunks() throws Exception {
        assertThat(world.call("get_latest", Map.of("table", "real_series.ticks", "groupBy", "symbol"))
                        .path("rows"))
                .isEqualTo(json("[['2026-03-30T23:00:00Z', 's0', 380, 1], ['2026-03-30T23:15:00Z', 's1', 381, 1],"
                        + " ['2026-03-30T23:30:00Z', 's2', 382, 1], ['2026-03-30T23:45:00Z', 's3', 383, 1],"
                        + " ['2026-03-27T00:00:05Z', 's9', null, 50]]"));
    }
}
