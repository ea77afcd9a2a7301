package io.qicore.mcp.timescale;

import static io.qicore.mcp.fixture.Tools.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.fixture.TimescaleWorld;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Candlesticks on plain PostgreSQL, without {@code time_bucket}. */
class CandlesticksIT {

    @AutoClose
    private static final TimescaleWorld world = TimescaleWorld.shared();

    @BeforeAll
    static void prepare() throws Exception {
        for (String time : List.of("timestamptz", "timestamp")) {
            String table = "candles_" + time;
            world.database.execute(
                    "CREATE TABLE " + table + " (time " + time
                            + ", symbol text, open numeric, high numeric, low numeric,"
                            + " close float8, volume bigint, PRIMARY KEY (symbol, time))",
                    // One candle a minute: open 100, 101, ...; high and low 10 above and below; close 0.5 above.
                    "INSERT INTO " + table
                            + " SELECT '2026-01-01 00:00'::timestamp + i * interval '1 minute', s, 100 + i,"
                            + " 110 + i, 90 + i, 100.5 + i, i FROM generate_series(0, 119) i,"
                            + " unnest(ARRAY['BTC', 'ETH']) s");
        }
        world.database.execute(
                "CREATE TABLE other (time timestamptz, symbol text, cost numeric)",
                "CREATE TABLE texts (time timestamptz, symbol text, open text, high int, low int, close int, volume int)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"candles_timestamptz", "candles_timestamp"})
    void candles_areAggregated(String table) throws Exception {
        assertThat(candles(table, "1h", Map.of("symbol", "BTC"))).isEqualTo(json("""
                [{'symbol': 'BTC', 'time': '2026-01-01T00:00:00Z', 'open': 100, 'high': 169, 'low': 90, 'close': 159.5,
                  'volume': 1770, 'vwap': 139.83333333333334},
                 {'symbol': 'BTC', 'time': '2026-01-01T01:00:00Z', 'open': 160, 'high': 229, 'low': 150, 'close': 219.5,
                  'volume': 5370, 'vwap': 193.01769087523277}]"""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"candles_timestamptz", "candles_timestamp"})
    void range_includesItsStart_andExcludesItsEnd(String table) {
        assertThat(times(candles(
                        table,
                        "1m",
                        Map.of(
                                "symbols",
                                List.of("ETH"),
                                "from",
                                "2026-01-01T01:00:00+01:00",
                                "to",
                                "2026-01-01T00:02:00Z"))))
                .containsExactly("ETH 2026-01-01T00:00:00Z", "ETH 2026-01-01T00:01:00Z");
    }

    @Test
    void limit_keepsTheNewest_oldestFirst() {
        JsonNode result = world.call(
                "get_candlesticks", Map.of("table", "candles_timestamptz", "interval", "30 minutes", "limit", 3));
        assertThat(times(result.path("candles")))
                .containsExactly("ETH 2026-01-01T01:00:00Z", "BTC 2026-01-01T01:30:00Z", "ETH 2026-01-01T01:30:00Z");
        assertThat(result.path("truncated").asBoolean()).isTrue();
        assertThat(result.path("table").asText()).isEqualTo("public.candles_timestamptz");
        assertThat(result.path("interval").asText()).isEqualTo("30 minutes");
        assertThat(world.call("get_candlesticks", Map.of("table", "candles_timestamptz", "interval", "1h", "limit", 4))
                        .path("truncated")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void week_beginsOnMonday() {
        assertThat(times(candles("candles_timestamptz", "1w", Map.of("symbol", "BTC"))))
                .containsExactly("BTC 2025-12-29T00:00:00Z");
    }

    @Test
    void symbolThatIsSql_isAValue() {
        assertThat(candles("candles_timestamptz", "1h", Map.of("symbol", "' OR true --")))
                .isEmpty();
    }

    @Test
    void missingColumns_areNamed() {
        assertThat(world.failure("get_candlesticks", Map.of("table", "other", "interval", "1h")))
                .matches(e -> e.is(TimescaleErrorCode.COLUMN_NOT_FOUND))
                .hasMessageContaining("open, high, low, close")
                .hasMessageContaining("priceColumn")
                .matches(e -> e.context().get("missing").equals(List.of("open", "high", "low", "close")));
        assertThat(world.failure("get_candlesticks", Map.of("table", "texts", "interval", "1h")))
                .hasMessageContaining("'open' is of type text");
    }

    @Test
    void badArguments_areNamed() {
        assertThat(failure(Map.of("interval", "1 month 1 day"))).isEqualTo("INVALID_INTERVAL");
        assertThat(failure(Map.of("from", "yesterday"))).isEqualTo(StandardErrorCode.INVALID_ARGUMENT.name());
        assertThat(failure(Map.of("from", "2026-01-02", "to", "2026-01-01"))).isEqualTo("INVALID_ARGUMENT");
        assertThat(failure(Map.of("table", "nosuch"))).isEqualTo("TABLE_NOT_FOUND");
        assertThat(failure(Map.of("limit", 1001))).isEqualTo("INVALID_ARGUMENT");
    }

    private static String failure(Map<String, Object> arguments) {
        Map<String, Object> all = new HashMap<>(Map.of("table", "candles_timestamptz", "interval", "1h"));
        all.putAll(arguments);
        return world.failure("get_candlesticks", all).code();
    }

    private static JsonNode candles(String table, String interval, Map<String, Object> arguments) {
        Map<String, Object> all = new HashMap<>(arguments);
        all.put("table", table);
        all.put("interval", interval);
        return world.call("get_candlesticks", all).path("candles");
    }

    private static List<String> times(JsonNode candles) {
        List<String> times = new ArrayList<>();
        candles.forEach(candle -> times.add(
                candle.path("symbol").asText() + " " + candle.path("time").asText()));
        return times;
    }
}
