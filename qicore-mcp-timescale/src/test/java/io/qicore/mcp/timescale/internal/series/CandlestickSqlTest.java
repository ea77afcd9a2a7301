package io.qicore.mcp.timescale.internal.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Table;
import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.tool.MCPToolError;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CandlestickSqlTest {

    private static final Optional<TimescaleExtension> TIMESCALE =
            Optional.of(new TimescaleExtension("2.23.0", "public", "timescale"));
    private static final Buckets BUCKETS = TimeBuckets.unbounded(BucketWidth.parse("5m"), ZoneOffset.UTC);
    private static final CandleColumns.Names USUAL = new CandleColumns.Names(null, null, null);
    private static final List<String> CANDLE = List.of("open", "high", "low", "close", "volume");

    @Test
    void candles_useTimeBucketFirstAndLast() {
        CandlestickSql sql = sql(table(TIMESCALE, CANDLE, "numeric"), bounded());
        assertThat(sql.text())
                .contains("public.time_bucket(CAST('300 seconds' AS pg_catalog.interval), CAST(\"time\" AS"
                        + " pg_catalog.timestamptz)) AS bucket")
                .contains("public.first(open, \"time\") FILTER (WHERE open > ")
                .contains("public.last(close, \"time\") FILTER (WHERE close > ")
                .contains("sum((high + low + close) / 3.0 * volume)")
                .contains("symbol = ANY (?) AND ")
                .contains("\"time\" >= CAST(? AS pg_catalog.timestamptz)"
                        + " AND \"time\" < CAST(? AS pg_catalog.timestamptz) GROUP BY");
        assertThat(sql.arguments())
                .usingRecursiveComparison()
                .isEqualTo(List.of(new String[] {"BTC"}, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", 11));
        assertThat(sql.text().chars().filter(c -> c == '?').count())
                .isEqualTo(sql.arguments().size());
    }

    @Test
    void plainPostgres_usesDateBinAndArrays() {
        assertThat(sql(table(Optional.empty(), CANDLE, "numeric"), unbounded()).text())
                .doesNotContain(">= CAST(?")
                .contains("pg_catalog.date_bin(")
                .contains("array_agg(open ORDER BY");
    }

    @Test
    void ticks_haveOnePriceForAllFour() {
        assertThat(sql(table(TIMESCALE, List.of("price", "qty"), "numeric"), unbounded())
                        .text())
                .contains("public.first(price, \"time\") FILTER")
                .contains("max(price) FILTER")
                .contains("sum(price * qty)");
        assertThat(sql(table(TIMESCALE, List.of("price"), "numeric"), unbounded())
                        .text())
                .contains("NULL AS volume, NULL AS vwap");
    }

    @Test
    void wholeNumbers_areMultipliedAsDecimals() {
        assertThat(sql(table(TIMESCALE, List.of("price", "qty"), "bigint"), unbounded())
                        .text())
                .contains("sum(CAST(price AS pg_catalog.numeric) * CAST(qty AS pg_catalog.numeric))");
    }

    @Test
    void tableWithoutPrices_isRefusedWithItsColumns() {
        assertThatThrownBy(() -> CandleColumns.find(table(TIMESCALE, List.of("temperature"), "numeric"), USUAL))
                .isInstanceOfSatisfying(MCPToolError.class, e -> {
                    assertThat(e.is(TimescaleErrorCode.COLUMN_NOT_FOUND)).isTrue();
                    assertThat(e).hasMessageContaining("temperature").hasMessageContaining("priceColumn");
                });
        assertThat(CandleColumns.find(
                                table(TIMESCALE, List.of("temperature"), "numeric"),
                                new CandleColumns.Names(null, "temperature", null))
                        .ticks())
                .isTrue();
        assertThatThrownBy(() -> CandleColumns.find(table(TIMESCALE, CANDLE, "text", "S"), USUAL))
                .hasMessageContaining("'open' is of type text");
    }

    private static CandlestickSql sql(SeriesTable table, CandlestickSql.Wanted wanted) {
        return CandlestickSql.of(table, CandleColumns.find(table, USUAL), wanted);
    }

    private static CandlestickSql.Wanted bounded() {
        return new CandlestickSql.Wanted(
                BUCKETS, List.of("BTC"), new SeriesRange("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"), 10);
    }

    private static CandlestickSql.Wanted unbounded() {
        return new CandlestickSql.Wanted(BUCKETS, List.of(), new SeriesRange(null, null), 10);
    }

    private static SeriesTable table(Optional<TimescaleExtension> timescale, List<String> numbers, String type) {
        return table(timescale, numbers, type, "N");
    }

    private static SeriesTable table(
            Optional<TimescaleExtension> timescale, List<String> numbers, String type, String category) {
        TableColumn time = new TableColumn("time", "\"time\"", "timestamp with time zone", "D", false, null, null);
        List<TableColumn> columns =
                new ArrayList<>(List.of(time, new TableColumn("symbol", "symbol", "text", "S", true, null, null)));
        numbers.forEach(name -> columns.add(new TableColumn(name, name, type, category, true, null, null)));
        return new SeriesTable(new Table(1, "public", "c", "public.c", 'r'), columns, time, timescale);
    }
}
