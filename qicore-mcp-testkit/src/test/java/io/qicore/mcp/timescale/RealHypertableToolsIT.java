package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.RealTimescale;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.access.TimescalePolicy;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;

/** The life cycle of a hypertable through the tools, on a real TimescaleDB. Each test builds on the one before. */
@EnabledIf("io.qicore.mcp.fixture.RealTimescale#isThere")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealHypertableToolsIT {

    private static final String TICKS = "life.ticks";
    private static final String HOURLY = "life.hourly";

    private static RealTimescale world;

    @BeforeAll
    static void start() throws Exception {
        RealTimescale.execute(
                "DROP SCHEMA IF EXISTS life CASCADE",
                "CREATE SCHEMA life",
                "CREATE TABLE life.ticks (time timestamptz NOT NULL, symbol text, price float8, size numeric)",
                "CREATE TABLE life.counted (at bigint NOT NULL, value int)",
                "SELECT create_hypertable('life.counted', by_range('at', 100))",
                "INSERT INTO life.counted SELECT i, i FROM generate_series(0, 299) i");
        world = RealTimescale.connect(TimescaleOptions.defaults());
        world.call("create_hypertable", Map.of("table", TICKS, "timeColumn", "time", "chunkInterval", "1 day"));
        world.close();
        RealTimescale.execute(
                // One tick a minute for two days, with a gap from 5:00 to 6:59 on the first day.
                "INSERT INTO life.ticks SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '1 minute', s,"
                        + " 100 + i % 60, 2 FROM generate_series(0, 2879) i, unnest(ARRAY['BTC', 'ETH']) s"
                        + " WHERE i NOT BETWEEN 300 AND 419",
                "ANALYZE life.ticks");
        world = RealTimescale.connect(TimescaleOptions.defaults());
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
        RealTimescale.execute("DROP SCHEMA life CASCADE");
    }

    @Test
    @Order(1)
    void hypertable_isListedAndDescribedWithItsChunks() throws Exception {
        JsonNode entry =
                find(world.call("list_hypertables", Map.of("schema", "life")).path("hypertables"), "name", "ticks");
        assertThat(entry.path("chunks").asInt()).isEqualTo(2);
        assertThat(entry.path("estimatedRows").asInt()).isEqualTo(5520);
        assertThat(entry.path("to").asText()).isEqualTo("2026-01-03T00:00:00Z");
        JsonNode chunks = world.call("list_chunks", Map.of("table", TICKS, "olderThan", "2026-01-02"));
        assertThat(chunks.path("chunks")).hasSize(1);
        assertThat(chunks.path("chunks").path(0).path("estimatedRows").asInt()).isEqualTo(2640);
        assertThat(world.call("list_chunks", Map.of("table", "life.counted", "olderThan", "200"))
                        .path("chunks"))
                .hasSize(2);
        assertThat(world.call("set_chunk_interval", Map.of("table", TICKS, "chunkInterval", "12h")))
                .isEqualTo(json(
                        "{'success': true, 'table': 'life.ticks', 'previous': 'P1D', 'chunkInterval': '12 hours'}"));
        for (String tool : List.of("list_chunks", "drop_chunks")) {
            assertThat(world.failure(
                            tool, Map.of("table", TICKS, "olderThan", "2026-01-01", "newerThan", "2026-01-03")))
                    .matches(e -> e.is(StandardErrorCode.INVALID_ARGUMENT))
                    .hasMessageContaining("'newerThan' is not before 'olderThan'");
        }
        assertThat(world.call("explain_query", Map.of("sql", "SELECT * FROM life.ticks WHERE price > 3"))
                        .path("summary")
                        .path("scans")
                        .path(0)
                        .path("table")
                        .asText())
                .isEqualTo("ticks");
        assertThat(world.failure("describe_hypertable", Map.of("table", "life.tick")))
                .matches(e -> e.is(TimescaleErrorCode.TABLE_NOT_FOUND));
    }

    @Test
    @Order(2)
    void series_areReadAsOnPlainPostgreSql() throws Exception {
        assertThat(world.call(
                                "get_candlesticks",
                                Map.of(
                                        "table",
                                        TICKS,
                                        "symbol",
                                        "BTC",
                                        "interval",
                                        "1h",
                                        "from",
                                        "2026-01-01",
                                        "limit",
                                        1,
                                        "to",
                                        "2026-01-01T01:00:00Z"))
                        .path("candles"))
                .isEqualTo(
                        json("[{'symbol': 'BTC', 'time': '2026-01-01T00:00:00Z', 'open': 100, 'high': 159, 'low': 100,"
                                + " 'close': 159, 'volume': 120, 'vwap': 129.5}]"));
        JsonNode filled = world.call(
                "get_time_buckets",
                Map.of(
                        "table",
                        TICKS,
                        "interval",
                        "1h",
                        "from",
                        "2026-01-01",
                        "to",
                        "2026-01-01T09:00:00Z",
                        "fill",
                        "locf",
                        "aggregates",
                        List.of("last(price) as close", "count(*)")));
        assertThat(filled.path("rows")).hasSize(9);
        assertThat(filled.path("rows").path(5)).isEqualTo(json("['2026-01-01T05:00:00Z', 159.0, 0]"));
        assertThat(world.call("get_latest", Map.of("table", TICKS, "groupBy", "symbol", "from", "2026-01-02"))
                        .path("rows"))
                .hasSize(2);
        JsonNode series = world.call("get_ingest_health", Map.of("table", TICKS, "groupBy", "symbol", "window", "2d"))
                .path("series")
                .path(0);
        assertThat(series.path("gaps").asInt()).isEqualTo(1);
        assertThat(series.path("largestGapSeconds").asInt()).isEqualTo(7260);
        assertThat(series.path("late").asInt(-1)).isZero();
    }

    @Test
    @Order(3)
    void columnstore_isEnabledAndCompressesByItsPolicy() {
        assertThat(world.failure("add_policy", Map.of("table", TICKS, "type", "columnstore", "after", "7d")))
                .hasMessageContaining("set_columnstore");
        assertThat(world.call(
                                "set_columnstore",
                                Map.of("table", TICKS, "segmentBy", List.of("symbol"), "orderBy", List.of("time desc")))
                        .path("columnstore")
                        .path("segmentBy")
                        .asText())
                .isEqualTo("symbol");
        JsonNode policy = world.call("add_policy", Map.of("table", TICKS, "type", "columnstore", "after", "7d"))
                .path("policy");
        assertThat(policy.path("after").asText()).isEqualTo("P7D");
        assertThat(world.failure("add_policy", Map.of("table", TICKS, "type", "columnstore", "after", "8d")))
                .matches(e -> e.is(TimescaleErrorCode.POLICY_EXISTS));
        assertThat(world.call("run_job", Map.of("jobId", policy.path("jobId").asInt()))
                        .path("ran")
                        .asBoolean())
                .isTrue();
        JsonNode described = world.call("describe_hypertable", Map.of("table", TICKS));
        assertThat(described.path("compression").path("compressedChunks").asInt())
                .isEqualTo(2);
        assertThat(described.path("compression").path("ratio").asDouble()).isGreaterThan(2);
        assertThat(world.call("get_ingest_health", Map.of("table", TICKS))
                        .path("series")
                        .path(0)
                        .has("late"))
                .as("compressed rows have no place on disk")
                .isFalse();
        assertThat(world.failure("set_columnstore", Map.of("table", TICKS, "enabled", false)))
                .hasMessageContaining("2 chunks");
    }

    @Test
    @Order(4)
    void continuousAggregate_isCreatedRefreshedAndKept() throws Exception {
        assertThat(world.call(
                                "create_continuous_aggregate",
                                Map.of(
                                        "name",
                                        HOURLY,
                                        "table",
                                        TICKS,
                                        "interval",
                                        "1h",
                                        "groupBy",
                                        List.of("symbol"),
                                        "aggregates",
                                        List.of("last(price) as close", "count(*)")))
                        .path("columns"))
                .isEqualTo(json("['bucket', 'symbol', 'close', 'count']"));
        assertThat(world.call(
                                "refresh_continuous_aggregate",
                                Map.of("name", HOURLY, "from", "2026-01-01", "to", "2026-01-02"))
                        .path("success")
                        .asBoolean())
                .isTrue();
        assertThat(world.call("query", Map.of("sql", "SELECT count(*) FROM life.hourly"))
                        .path("rows")
                        .path(0)
                        .path(0)
                        .asInt())
                .isEqualTo(44);
        JsonNode policy = world.call(
                        "add_policy",
                        Map.of(
                                "table",
                                HOURLY,
                                "type",
                                "refresh",
                                "startOffset",
                                "520w",
                                "endOffset",
                                "1h",
                                "schedule",
                                "30m"))
                .path("policy");
        assertThat(policy.path("schedule").asText()).isEqualTo("PT30M");
        world.call("run_job", Map.of("jobId", policy.path("jobId").asInt()));
        JsonNode described = world.call("describe_hypertable", Map.of("table", HOURLY));
        assertThat(described.path("continuousAggregate").path("source").asText())
                .isEqualTo(TICKS);
        assertThat(described
                        .path("continuousAggregate")
                        .path("materializedUntil")
                        .asText())
                .isEqualTo("2026-01-02T23:00:00Z");
        assertThat(world.call("describe_table", Map.of("table", TICKS))
                        .path("hypertable")
                        .path("continuousAggregates"))
                .isEqualTo(json("['life.hourly']"));
        assertThat(find(world.call("list_tables", Map.of("schema", "life")).path("tables"), "name", "hourly")
                        .path("sizeBytes")
                        .asLong())
                .isPositive();
        assertThat(world.failure("refresh_continuous_aggregate", Map.of("name", TICKS)))
                .matches(e -> e.is(TimescaleErrorCode.NOT_A_HYPERTABLE));
    }

    @Test
    @Order(5)
    void retentionPolicy_showsWhatItWouldDrop_andJobsAreListed() {
        Map<String, ?> retention = Map.of("table", TICKS, "type", "retention", "after", "30d", "dryRun", true);
        JsonNode preview = world.call("add_policy", retention);
        assertThat(preview.path("added").asBoolean(true)).isFalse();
        assertThat(preview.path("firstRun").path("chunks").asInt()).isEqualTo(2);
        assertThat(preview.path("firstRun").path("continuousAggregates").path(0).asText())
                .isEqualTo(HOURLY);
        JsonNode unconfirmed = world.call("add_policy", Map.of("table", TICKS, "type", "retention", "after", "520w"));
        assertThat(unconfirmed.path("added").asBoolean(true)).isFalse();
        assertThat(world.call(
                                "add_policy",
                                Map.of(
                                        "table",
                                        TICKS,
                                        "type",
                                        "retention",
                                        "after",
                                        "520w",
                                        "planHash",
                                        unconfirmed.path("planHash").asText()))
                        .path("added")
                        .asBoolean())
                .isTrue();
        assertThat(world.call("list_policies", Map.of("table", TICKS)).path("policies"))
                .hasSize(2);
        assertThat(world.call("list_jobs", Map.of()).path("jobs")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(world.call("list_jobs", Map.of("failing", true)).path("jobs"))
                .isEmpty();
        assertThat(world.call("get_health", Map.of())
                        .path("timescale")
                        .path("license")
                        .asText())
                .isEqualTo("timescale");
        assertThat(world.call("remove_policy", Map.of("table", TICKS, "type", "retention"))
                        .path("policy")
                        .path("type")
                        .asText())
                .isEqualTo("retention");
        assertThat(world.failure("remove_policy", Map.of("table", TICKS, "type", "retention")))
                .matches(e -> e.is(TimescaleErrorCode.POLICY_NOT_FOUND));
    }

    @Test
    @Order(6)
    void chunks_areDroppedOnceThePlanIsConfirmed() throws Exception {
        world.close();
        world = RealTimescale.connect(TimescaleOptions.builder()
                .policy(TimescalePolicy.builder()
                        .confirmation(ConfirmationMode.ALWAYS)
                        .build())
                .build());
        Map<String, ?> dryRun = Map.of("table", TICKS, "olderThan", "2026-01-02", "dryRun", true);
        JsonNode preview = world.call("drop_chunks", dryRun);
        JsonNode plan = preview.path("plan");
        assertThat(plan.path("chunks").asInt()).isEqualTo(1);
        assertThat(plan.path("sizeBytes").asLong()).isPositive();
        assertThat(plan.path("continuousAggregates").path(0).asText()).isEqualTo(HOURLY);
        Map<String, ?> unconfirmed = Map.of("table", TICKS, "olderThan", "2026-01-02");
        assertThat(world.call("drop_chunks", unconfirmed).path("dropped").asBoolean(true))
                .isFalse();
        assertThat(world.failure(
                        "drop_chunks",
                        Map.of(
                                "table",
                                TICKS,
                                "olderThan",
                                "2026-01-03",
                                "planHash",
                                preview.path("planHash").asText())))
                .matches(e -> e.is(StandardErrorCode.PLAN_CHANGED));
        assertThat(world.call(
                                "drop_chunks",
                                Map.of(
                                        "table",
                                        TICKS,
                                        "olderThan",
                                        "2026-01-02",
                                        "planHash",
                                        preview.path("planHash").asText()))
                        .path("dropped")
                        .asBoolean())
                .isTrue();
        assertThat(world.call("list_chunks", Map.of("table", TICKS)).path("chunks"))
                .hasSize(1);
    }

    private static JsonNode find(JsonNode entries, String field, String value) {
        for (JsonNode entry : entries) {
            if (entry.path(field).asText().equals(value)) {
                return entry;
            }
        }
        throw new AssertionError("No " + value + " in " + entries);
    }
}
