package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The source columns of candles: the columns of finished candles, or the price of ticks, which then stands for all
 * four.
 *
 * @param time when
 * @param symbol of what, or null if the table is one series
 * @param volume how much, or null if the table does not say
 * @param ticks whether each row is one trade or quote
 */
record CandleColumns(
        TableColumn time,
        @Nullable TableColumn symbol,
        TableColumn open,
        TableColumn high,
        TableColumn low,
        TableColumn close,
        @Nullable TableColumn volume,
        boolean ticks) {

    private static final List<String> CANDLE = List.of("open", "high", "low", "close");
    private static final List<String> VOLUMES = List.of("volume", "size", "quantity", "qty", "amount");

    /** The columns as the agent names them; null for the default names. */
    record Names(
            @Nullable String symbol,
            @Nullable String price,
            @Nullable String volume) {}

    /**
     * Finds the columns.
     *
     * @throws MCPToolError if columns are missing or of a wrong type; the message says which columns are needed
     */
    static CandleColumns find(SeriesTable table, Names names) {
        TableColumn symbol = names.symbol() == null ? byName(table, "symbol") : table.column(names.symbol());
        TableColumn volume = names.volume() == null
                ? VOLUMES.stream()
                        .map(name -> byName(table, name))
                        .filter(column -> column != null)
                        .findFirst()
                        .orElse(null)
                : table.column(names.volume());
        TableColumn price = names.price() == null ? null : table.column(names.price());
        List<String> missing =
                CANDLE.stream().filter(part -> byName(table, part) == null).toList();
        if (price == null && !missing.isEmpty()) {
            price = byName(table, "price");
            if (price == null) {
                throw notCandles(table, missing);
            }
        }
        CandleColumns columns = price != null
                ? new CandleColumns(table.time(), symbol, price, price, price, price, volume, true)
                : new CandleColumns(
                        table.time(),
                        symbol,
                        table.column("open"),
                        table.column("high"),
                        table.column("low"),
                        table.column("close"),
                        volume,
                        false);
        columns.numbers().forEach(CandleColumns::requireNumber);
        return columns;
    }

    private List<TableColumn> numbers() {
        List<TableColumn> numbers =
                new ArrayList<>(Stream.of(open, high, low, close).distinct().toList());
        if (volume != null) {
            numbers.add(volume);
        }
        return numbers;
    }

    private static @Nullable TableColumn byName(SeriesTable table, String name) {
        return table.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Returns whether a column is a whole number, which cannot be NaN, but can overflow. */
    static boolean isInteger(TableColumn column) {
        return TimeKind.isInteger(column);
    }

    /** Returns SQL for a number: a decimal for money and for whole numbers, whose products could overflow. */
    static String number(TableColumn column) {
        return isPlain(column) ? column.sqlName() : "CAST(" + column.sqlName() + " AS pg_catalog.numeric)";
    }

    /** Returns SQL for a value of a column whose text is a number; that of money is not. */
    static String value(TableColumn column, String value) {
        return isPlain(column) || isInteger(column) ? value : "CAST(" + value + " AS pg_catalog.numeric)";
    }

    /** Returns the condition that a column is a number, and neither NULL nor NaN nor an infinity. */
    static String present(TableColumn column) {
        // NaN is larger than infinity.
        String type = column.type().equals("real") || column.type().equals("double precision") ? "float8" : "numeric";
        String number = number(column);
        return isInteger(column)
                ? column.sqlName() + " IS NOT NULL"
                : number + " > CAST('-Infinity' AS pg_catalog." + type + ") AND " + number
                        + " < CAST('Infinity' AS pg_catalog." + type + ")";
    }

    private static boolean isPlain(TableColumn column) {
        return column.type().equals("real")
                || column.type().equals("double precision")
                || column.type().startsWith("numeric");
    }

    private static void requireNumber(TableColumn column) {
        if (!column.category().equals("N")) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Column '" + column.name() + "' is of type " + column.type() + ", but a candle's is a number.",
                    Map.of("column", column.name(), "type", column.type()));
        }
    }

    private static MCPToolError notCandles(SeriesTable table, List<String> missing) {
        List<String> names = table.columns().stream().map(TableColumn::name).toList();
        return new MCPToolError(
                TimescaleErrorCode.COLUMN_NOT_FOUND,
                "'" + table.table().fullName() + "' has neither candles (no column " + String.join(", ", missing)
                        + ") nor a column 'price' of ticks. It has " + String.join(", ", names)
                        + ". Pass priceColumn, or use get_time_buckets.",
                Map.of("table", table.table().fullName(), "missing", missing, "columns", names));
    }
}
