package io.qicore.mcp.timescale.internal.tool;

import io.qicore.mcp.timescale.internal.db.Table;
import io.qicore.mcp.timescale.internal.db.TableColumn;
import io.qicore.mcp.timescale.internal.db.TimescaleExtension;
import io.qicore.mcp.timescale.internal.sql.Intervals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statement behind {@code get_candlesticks} and its arguments. The newest buckets, oldest first; symbol, time and
 * the numbers as text.
 *
 * @param text the statement, made of names from the catalogue
 * @param arguments a value for each {@code ?}
 */
record CandlestickSql(String text, List<Object> arguments) {

    /** A Monday, as {@code time_bucket} aligns. */
    private static final String ORIGIN = "TIMESTAMPTZ '2000-01-03 00:00:00+00'";

    private static final String TEXT_TYPES = "S";

    /**
     * What is wanted.
     *
     * @param symbols these only; empty for all
     * @param from earliest time, inclusive, or null
     * @param to latest time, exclusive, or null
     * @param limit most buckets of all symbols together
     */
    record Range(
            Duration interval,
            List<String> symbols,
            @Nullable Instant from,
            @Nullable Instant to,
            int limit) {}

    /**
     * The statement for a table: on TimescaleDB by its own functions, else by those of PostgreSQL 14 and later.
     *
     * @param columns its columns by what they are in a candle: time, symbol, open, high, low, close, volume
     */
    static CandlestickSql of(
            Table table, Map<String, TableColumn> columns, Range range, Optional<TimescaleExtension> timescale) {
        String time = name(columns, "time");
        List<Object> arguments = new ArrayList<>();
        arguments.add(Intervals.toSql(range.interval()));
        String inner = "SELECT CAST(" + name(columns, "symbol") + " AS text) AS symbol, " + bucket(time, timescale)
                + " AS bucket, " + edge(name(columns, "open"), time, "first", "ASC", timescale) + " AS open, max("
                + name(columns, "high") + ") AS high, min(" + name(columns, "low") + ") AS low, "
                + edge(name(columns, "close"), time, "last", "DESC", timescale) + " AS close, sum("
                + name(columns, "volume") + ") AS volume FROM " + table.sqlName()
                + where(columns, range, arguments)
                + " GROUP BY 1, 2 ORDER BY 2 DESC, 1 DESC LIMIT CAST(? AS integer)";
        // One more than wanted tells whether older ones are left out.
        arguments.add(range.limit() + 1);
        String text =
                "SELECT symbol, to_json(bucket)#>>'{}', open::text, high::text, low::text, close::text, volume::text"
                        + " FROM (" + inner + ") AS candles ORDER BY bucket, symbol";
        return new CandlestickSql(text, List.copyOf(arguments));
    }

    private static String bucket(String time, Optional<TimescaleExtension> timescale) {
        // Times without a zone are UTC, because the session is.
        String instant = "CAST(" + time + " AS timestamptz)";
        return timescale
                .map(extension -> extension.function("time_bucket") + "(CAST(? AS interval), " + instant + ")")
                .orElse("date_bin(CAST(? AS interval), " + instant + ", " + ORIGIN + ")");
    }

    private static String edge(
            String column, String time, String function, String order, Optional<TimescaleExtension> timescale) {
        return timescale
                .map(extension -> extension.function(function) + "(" + column + ", " + time + ")")
                .orElse("(array_agg(" + column + " ORDER BY " + time + " " + order + "))[1]");
    }

    private static String where(Map<String, TableColumn> columns, Range range, List<Object> arguments) {
        List<String> conditions = new ArrayList<>();
        if (!range.symbols().isEmpty()) {
            TableColumn symbol = column(columns, "symbol");
            String text =
                    symbol.category().equals(TEXT_TYPES) ? symbol.sqlName() : "CAST(" + symbol.sqlName() + " AS text)";
            conditions.add(text + " = ANY (?)");
            arguments.add(range.symbols().toArray(String[]::new));
        }
        if (range.from() != null) {
            conditions.add(name(columns, "time") + " >= CAST(? AS timestamptz)");
            arguments.add(range.from().toString());
        }
        if (range.to() != null) {
            conditions.add(name(columns, "time") + " < CAST(? AS timestamptz)");
            arguments.add(range.to().toString());
        }
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private static String name(Map<String, TableColumn> columns, String part) {
        return column(columns, part).sqlName();
    }

    private static TableColumn column(Map<String, TableColumn> columns, String part) {
        TableColumn column = columns.get(part);
        if (column == null) {
            throw new IllegalArgumentException("No column for " + part);
        }
        return column;
    }
}
