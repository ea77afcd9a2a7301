package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import io.qicore.mcp.timescale.internal.catalog.Toolkit;
import io.qicore.mcp.timescale.internal.sql.Intervals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statement of {@code get_candlesticks} and its arguments. Returns the newest buckets, oldest first, with symbol,
 * time and the numbers as text.
 *
 * @param text the statement, made of names from the catalogue
 * @param arguments a value for each {@code ?}
 */
record CandlestickSql(String text, List<Object> arguments) {

    private static final String TEXT_TYPES = "S";

    /**
     * The request.
     *
     * @param symbols these only; empty for all
     * @param limit most buckets of all symbols together
     */
    record Wanted(Duration interval, List<String> symbols, TimeRange range, int limit) {}

    /**
     * Returns the statement for a table. Uses the aggregate of the toolkit if it exists and keeps all digits, since
     * it computes with binary floats; otherwise first and last of TimescaleDB, or the functions of PostgreSQL 14 and
     * later.
     */
    static CandlestickSql of(SeriesTable table, CandleColumns columns, Wanted wanted, Optional<Toolkit> toolkit) {
        boolean byToolkit = toolkit.isPresent() && columns.isFloat() && columns.volume() != null;
        AggregateSql aggregates = new AggregateSql(table.table(), table.columns(), table.time(), table.timescale());
        List<Object> arguments = new ArrayList<>();
        arguments.add(Intervals.toSql(wanted.interval()));
        TableColumn symbol = columns.symbol();
        String inner = "SELECT " + (symbol == null ? "CAST(NULL AS text)" : "CAST(" + symbol.sqlName() + " AS text)")
                + " AS symbol, " + aggregates.bucket("CAST(? AS interval)") + " AS bucket, "
                + (byToolkit ? toolkitCandle(columns, toolkit.get()) : candle(columns, aggregates)) + " FROM "
                + table.table().sqlName() + where(columns, wanted, arguments)
                + " GROUP BY 1, 2 ORDER BY 2 DESC, 1 DESC LIMIT CAST(? AS integer)";
        // One more than requested shows whether older buckets are left out.
        arguments.add(wanted.limit() + 1);
        String text = "SELECT symbol, to_json(bucket)#>>'{}', "
                + (byToolkit
                        ? toolkitNumbers(toolkit.get())
                        : "open::text, high::text, low::text, close::text, volume::text, vwap::text")
                + " FROM (" + inner + ") AS candles ORDER BY bucket, symbol";
        return new CandlestickSql(text, List.copyOf(arguments));
    }

    private static String candle(CandleColumns columns, AggregateSql aggregates) {
        TableColumn volume = columns.volume();
        return aggregates.edge(columns.open().sqlName(), "first", "ASC") + " AS open, max("
                + columns.high().sqlName() + ") AS high, min(" + columns.low().sqlName() + ") AS low, "
                + aggregates.edge(columns.close().sqlName(), "last", "DESC") + " AS close, "
                + (volume == null ? "NULL" : "sum(" + volume.sqlName() + ")") + " AS volume, "
                + vwap(columns, volume) + " AS vwap";
    }

    /** For candles, the typical price stands for the trades of the candle, as in the toolkit. */
    private static String vwap(CandleColumns columns, @Nullable TableColumn volume) {
        if (volume == null) {
            return "NULL";
        }
        String price = columns.ticks()
                ? columns.close().sqlName()
                : "(" + columns.high().sqlName() + " + " + columns.low().sqlName() + " + "
                        + columns.close().sqlName() + ") / 3.0";
        return "CAST(sum(" + price + " * " + volume.sqlName() + ") AS double precision) / nullif(CAST(sum("
                + volume.sqlName() + ") AS double precision), 0)";
    }

    private static String toolkitCandle(CandleColumns columns, Toolkit toolkit) {
        String time = "CAST(" + columns.time().sqlName() + " AS timestamptz)";
        String volume = columns.volume() == null ? "NULL" : columns.volume().sqlName();
        return columns.ticks()
                ? toolkit.function("candlestick_agg") + "(" + time + ", "
                        + columns.close().sqlName() + ", " + volume + ") AS candle"
                : toolkit.function("rollup") + "(" + toolkit.function("candlestick") + "(" + time + ", "
                        + columns.open().sqlName() + ", " + columns.high().sqlName() + ", "
                        + columns.low().sqlName() + ", " + columns.close().sqlName() + ", " + volume + ")) AS candle";
    }

    private static String toolkitNumbers(Toolkit toolkit) {
        return String.join(
                ", ",
                List.of("open", "high", "low", "close", "volume", "vwap").stream()
                        .map(part -> toolkit.function(part) + "(candle)::text")
                        .toList());
    }

    private static String where(CandleColumns columns, Wanted wanted, List<Object> arguments) {
        List<String> conditions = new ArrayList<>();
        TableColumn symbol = columns.symbol();
        if (symbol != null && !wanted.symbols().isEmpty()) {
            String text =
                    symbol.category().equals(TEXT_TYPES) ? symbol.sqlName() : "CAST(" + symbol.sqlName() + " AS text)";
            conditions.add(text + " = ANY (?)");
            arguments.add(wanted.symbols().toArray(String[]::new));
        }
        String time = columns.time().sqlName();
        if (wanted.range().from() != null) {
            conditions.add(time + " >= CAST(? AS timestamptz)");
            arguments.add(wanted.range().from().toString());
        }
        if (wanted.range().to() != null) {
            conditions.add(time + " < CAST(? AS timestamptz)");
            arguments.add(wanted.range().to().toString());
        }
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }
}
