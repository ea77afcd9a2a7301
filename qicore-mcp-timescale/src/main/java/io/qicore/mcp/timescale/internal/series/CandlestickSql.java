package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import java.util.ArrayList;
import java.util.List;

/**
 * The statement of {@code get_candlesticks} and its arguments. Returns the newest buckets, oldest first, with symbol, the
 * number of the bucket, and the numbers as text.
 *
 * <p>A price or volume that is NULL, NaN or an infinity is left out: it opens and closes no candle, and neither it nor its
 * volume weighs in the mean.
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
    record Wanted(Buckets buckets, List<String> symbols, SeriesRange range, int limit) {}

    /**
     * Returns the statement for a table. Uses first and last of TimescaleDB, or the functions of PostgreSQL 14 and later.
     */
    static CandlestickSql of(SeriesTable table, CandleColumns columns, Wanted wanted) {
        List<Object> arguments = new ArrayList<>();
        String argument = wanted.buckets().argument();
        if (argument != null) {
            arguments.add(argument);
        }
        TableColumn symbol = columns.symbol();
        String inner = "SELECT "
                + (symbol == null
                        ? "CAST(NULL AS pg_catalog.text)"
                        : "CAST(" + symbol.sqlName() + " AS pg_catalog.text)")
                + " AS symbol, " + wanted.buckets().expression(table, "?") + " AS bucket, " + candle(table, columns)
                + " FROM " + table.table().sqlName() + " WHERE "
                + String.join(" AND ", conditions(table, columns, wanted, arguments))
                + " GROUP BY 1, 2 ORDER BY 2 DESC, 1 DESC LIMIT CAST(? AS pg_catalog.int4)";
        // One more than requested shows whether older buckets are left out.
        arguments.add(wanted.limit() + 1);
        String text = "SELECT symbol, " + wanted.buckets().code("bucket")
                + ", CAST(open AS pg_catalog.text), CAST(high AS pg_catalog.text), CAST(low AS pg_catalog.text),"
                + " CAST(close AS pg_catalog.text), CAST(volume AS pg_catalog.text), CAST(vwap AS pg_catalog.text) FROM ("
                + inner + ") AS candles ORDER BY bucket, symbol";
        return new CandlestickSql(text, List.copyOf(arguments));
    }

    private static String candle(SeriesTable table, CandleColumns columns) {
        AggregateSql aggregates = new AggregateSql(table.table(), table.columns(), table.time(), table.timescale());
        TableColumn volume = columns.volume();
        String open = aggregates.edge(columns.open(), "first", "ASC", CandleColumns.present(columns.open()));
        String close = aggregates.edge(columns.close(), "last", "DESC", CandleColumns.present(columns.close()));
        return CandleColumns.value(columns.open(), open) + " AS open, "
                + aggregate("max", columns.high()) + " AS high, " + aggregate("min", columns.low()) + " AS low, "
                + CandleColumns.value(columns.close(), close) + " AS close, "
                + (volume == null ? "NULL" : aggregate("sum", volume)) + " AS volume, "
                + (volume == null ? "NULL" : vwap(columns, volume)) + " AS vwap";
    }

    private static String aggregate(String function, TableColumn column) {
        return "pg_catalog." + function + "(" + CandleColumns.value(column, column.sqlName()) + ") FILTER (WHERE "
                + CandleColumns.present(column) + ")";
    }

    /** For candles, the typical price stands for the trades of the candle. */
    private static String vwap(CandleColumns columns, TableColumn volume) {
        List<TableColumn> prices =
                columns.ticks() ? List.of(columns.close()) : List.of(columns.high(), columns.low(), columns.close());
        String price = prices.stream()
                .map(CandleColumns::number)
                .reduce((a, b) -> a + " + " + b)
                .map(sum -> columns.ticks() ? sum : "(" + sum + ") / 3.0")
                .orElseThrow();
        List<String> present =
                new ArrayList<>(prices.stream().map(CandleColumns::present).toList());
        present.add(CandleColumns.present(volume));
        String weight = CandleColumns.number(volume);
        String filter = ") FILTER (WHERE " + String.join(" AND ", present) + ") AS pg_catalog.float8)";
        return "CAST(pg_catalog.sum(" + price + " * " + weight + filter + " / NULLIF(CAST(pg_catalog.sum(" + weight
                + filter + ", 0)";
    }

    private static List<String> conditions(
            SeriesTable table, CandleColumns columns, Wanted wanted, List<Object> arguments) {
        List<String> conditions = new ArrayList<>();
        TableColumn symbol = columns.symbol();
        if (symbol != null && !wanted.symbols().isEmpty()) {
            String text = symbol.category().equals(TEXT_TYPES)
                    ? symbol.sqlName()
                    : "CAST(" + symbol.sqlName() + " AS pg_catalog.text)";
            conditions.add(text + " = ANY (?)");
            arguments.add(wanted.symbols().toArray(String[]::new));
        }
        String time = table.time().sqlName();
        conditions.add(table.kind().present(time));
        if (wanted.range().from() != null) {
            conditions.add(time + " >= CAST(? AS " + table.kind().boundType() + ")");
            arguments.add(wanted.range().from());
        }
        if (wanted.range().to() != null) {
            conditions.add(time + " < CAST(? AS " + table.kind().boundType() + ")");
            arguments.add(wanted.range().to());
        }
        return conditions;
    }
}
