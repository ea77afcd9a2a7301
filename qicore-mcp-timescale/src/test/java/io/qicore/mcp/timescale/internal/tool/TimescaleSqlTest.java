package io.qicore.mcp.timescale.internal.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.timescale.internal.db.Table;
import io.qicore.mcp.timescale.internal.db.TableColumn;
import io.qicore.mcp.timescale.internal.db.TimescaleExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is sent to a TimescaleDB, by its version. */
class TimescaleSqlTest {

    private static final TimescaleExtension NEW = new TimescaleExtension("2.23.0", "public");
    private static final TimescaleExtension OLD = new TimescaleExtension("2.11.2", "\"Ext\"");

    @Test
    void createHypertable_isByRange_from213() {
        assertThat(CreateHypertableTool.sql(NEW))
                .isEqualTo(
                        "SELECT 1 FROM public.create_hypertable(CAST(? AS regclass),"
                                + " public.by_range(CAST(? AS name), CAST(? AS interval)), migrate_data => CAST(? AS boolean))");
        assertThat(CreateHypertableTool.sql(OLD))
                .isEqualTo("SELECT 1 FROM \"Ext\".create_hypertable(CAST(? AS regclass), CAST(? AS name),"
                        + " chunk_time_interval => CAST(? AS interval), migrate_data => CAST(? AS boolean))");
    }

    @Test
    void sizesOfHypertables_areApproximate_whereThatExists() {
        assertThat(ListTablesTool.hypertablesSql(NEW)).contains("public.hypertable_approximate_size(");
        assertThat(ListTablesTool.hypertablesSql(OLD)).contains("\"Ext\".hypertable_size(");
    }

    @Test
    void candlesticks_useTimeBucketFirstAndLast() {
        CandlestickSql sql = CandlestickSql.of(
                new Table(1, "public", "candles", "public.candles", 'r'),
                columns(),
                new CandlestickSql.Range(
                        Duration.ofMinutes(5),
                        List.of("BTC"),
                        Instant.parse("2026-01-01T00:00:00Z"),
                        Instant.parse("2026-01-02T00:00:00Z"),
                        10),
                Optional.of(NEW));
        assertThat(sql.text())
                .contains("public.time_bucket(CAST(? AS interval), CAST(\"time\" AS timestamptz)) AS bucket")
                .contains("public.first(open, \"time\") AS open")
                .contains("public.last(close, \"time\") AS close")
                .contains("WHERE symbol = ANY (?) AND \"time\" >= CAST(? AS timestamptz)"
                        + " AND \"time\" < CAST(? AS timestamptz) GROUP BY");
        assertThat(sql.arguments())
                .usingRecursiveComparison()
                .isEqualTo(List.of(
                        "300 seconds", new String[] {"BTC"}, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", 11));
        assertThat(sql.text().chars().filter(c -> c == '?').count())
                .isEqualTo(sql.arguments().size());
    }

    @Test
    void candlesticksWithoutBounds_haveNoCondition() {
        CandlestickSql sql = CandlestickSql.of(
                new Table(1, "public", "candles", "public.candles", 'r'),
                columns(),
                new CandlestickSql.Range(Duration.ofMinutes(5), List.of(), null, null, 10),
                Optional.empty());
        assertThat(sql.text()).doesNotContain("WHERE").contains("date_bin(").contains("array_agg(open ORDER BY");
    }

    private static Map<String, TableColumn> columns() {
        Map<String, TableColumn> columns = new LinkedHashMap<>();
        columns.put("time", column("time", "\"time\"", "D"));
        columns.put("symbol", column("symbol", "symbol", "S"));
        for (String number : List.of("open", "high", "low", "close", "volume")) {
            columns.put(number, column(number, number, "N"));
        }
        return columns;
    }

    private static TableColumn column(String name, String sqlName, String category) {
        return new TableColumn(name, sqlName, "any", category, true, null, null);
    }
}
