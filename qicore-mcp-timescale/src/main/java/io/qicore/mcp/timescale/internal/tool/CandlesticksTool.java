package io.qicore.mcp.timescale.internal.tool;

import io.qicore.mcp.timescale.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.db.Catalog;
import io.qicore.mcp.timescale.internal.db.CellFormat;
import io.qicore.mcp.timescale.internal.db.Database;
import io.qicore.mcp.timescale.internal.db.Table;
import io.qicore.mcp.timescale.internal.db.TableColumn;
import io.qicore.mcp.timescale.internal.db.TimescaleExtension;
import io.qicore.mcp.timescale.internal.sql.Intervals;
import io.qicore.mcp.timescale.internal.sql.Times;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolContext;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code get_candlesticks}: open, high, low, close and volume for each interval. */
public final class CandlesticksTool implements ToolGroup {

    private static final List<String> NUMBERS = List.of("open", "high", "low", "close", "volume");
    private static final List<String> PARTS = List.of("time", "symbol", "open", "high", "low", "close", "volume");

    record Arguments(
            @Schema(
                    value = "Table of candles with the columns time, symbol, open, high, low, close and volume",
                    minLength = 1,
                    maxLength = 200)
            String table,

            @Schema("This symbol only") @Nullable String symbol,

            @Schema(value = "These symbols only; without symbol and symbols, all of them", maxLength = 100) @Nullable
            List<String> symbols,

            @Schema(value = "Length of a candle: a number and s, m, h, d or w, such as 5m or '1 hour'", maxLength = 50)
            String interval,

            @Schema("Earliest time, inclusive: ISO-8601 with offset, or a date in UTC") @Nullable
            String from,

            @Schema("Latest time, exclusive: ISO-8601 with offset, or a date in UTC") @Nullable
            String to,

            @Schema(
                    value = "Most candles of all symbols together; the newest ones are kept",
                    minimum = 1,
                    maximum = 1000,
                    defaultValue = "100")
            int limit) {}

    record Candle(
            String symbol,

            @Schema("Start of the interval, ISO-8601 in UTC")
            String time,

            @Nullable Number open,
            @Nullable Number high,
            @Nullable Number low,
            @Nullable Number close,
            @Nullable Number volume) {}

    record Result(
            String table,
            String interval,

            @Schema("Oldest first") List<Candle> candles,

            @Schema("Whether older candles of the range are left out")
            boolean truncated) {}

    private final Database database;

    public CandlesticksTool(Database database) {
        this.database = database;
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(MCPTool.builder("get_candlesticks", Arguments.class, Result.class)
                .title("Get candlesticks")
                .description(
                        "Aggregates a table of candles into longer ones: open, high, low, close and volume for each"
                                + " symbol and interval, aligned in UTC, weeks to Monday. Give from and to on large tables.")
                .annotations(ToolAnnotations.readOnly())
                .handler(this::candlesticks)
                .build());
    }

    private Result candlesticks(Arguments arguments, ToolContext context) {
        CandlestickSql.Range range = range(arguments);
        return database.read(context, session -> {
            Catalog catalog = new Catalog(session);
            Table table = catalog.table(arguments.table());
            Map<String, TableColumn> columns = candleColumns(table, catalog.columns(table));
            CandlestickSql sql = CandlestickSql.of(table, columns, range, TimescaleExtension.find(session));
            List<Candle> candles = session.list(
                    sql.text(), CandlesticksTool::readCandle, sql.arguments().toArray());
            boolean truncated = candles.size() > range.limit();
            return new Result(
                    table.fullName(),
                    arguments.interval(),
                    truncated ? candles.subList(candles.size() - range.limit(), candles.size()) : candles,
                    truncated);
        });
    }

    private static CandlestickSql.Range range(Arguments arguments) {
        Set<String> symbols = new LinkedHashSet<>();
        if (arguments.symbol() != null) {
            symbols.add(arguments.symbol());
        }
        if (arguments.symbols() != null) {
            symbols.addAll(arguments.symbols());
        }
        Instant from = Times.parse(arguments.from(), "from");
        Instant to = Times.parse(arguments.to(), "to");
        if (from != null && to != null && !from.isBefore(to)) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'from' (" + from + ") is not before 'to' (" + to + ").",
                    Map.of("from", from.toString(), "to", to.toString()));
        }
        return new CandlestickSql.Range(
                Intervals.parse(arguments.interval(), "interval"), List.copyOf(symbols), from, to, arguments.limit());
    }

    private static Map<String, TableColumn> candleColumns(Table table, List<TableColumn> columns) {
        Map<String, TableColumn> found = new LinkedHashMap<>();
        for (TableColumn column : columns) {
            if (PARTS.contains(column.name())) {
                found.put(column.name(), column);
            }
        }
        List<String> missing =
                PARTS.stream().filter(part -> !found.containsKey(part)).toList();
        if (!missing.isEmpty()) {
            List<String> names = columns.stream().map(TableColumn::name).toList();
            throw new MCPToolError(
                    TimescaleErrorCode.COLUMN_NOT_FOUND,
                    "'" + table.fullName() + "' is not a table of candles: it has no column "
                            + String.join(", ", missing) + ". It has " + String.join(", ", names)
                            + ". Use query for other tables.",
                    Map.of("table", table.fullName(), "missing", missing, "columns", names));
        }
        found.forEach((part, column) -> checkCategory(part, column));
        return found;
    }

    private static void checkCategory(String part, TableColumn column) {
        boolean number = NUMBERS.contains(part);
        if (number && !column.category().equals("N")
                || part.equals("time") && !column.category().equals("D")) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Column '" + column.name() + "' is of type " + column.type() + ", but a candle's is "
                            + (number ? "a number." : "a time."),
                    Map.of("column", column.name(), "type", column.type()));
        }
    }

    private static Candle readCandle(ResultSet row) throws SQLException {
        return new Candle(
                row.getString(1) == null ? "" : row.getString(1),
                CellFormat.INSTANT.toJson(row.getString(2)).asText(),
                number(row.getString(3)),
                number(row.getString(4)),
                number(row.getString(5)),
                number(row.getString(6)),
                number(row.getString(7)));
    }

    /** Null for NULL, NaN and infinities, which are no prices. */
    private static @Nullable Number number(@Nullable String text) {
        if (text == null || !Character.isDigit(text.charAt(text.length() - 1))) {
            return null;
        }
        BigDecimal value = new BigDecimal(text).stripTrailingZeros();
        // As a decimal, 100 would be written 1E+2.
        return value.scale() > 0 ? value : value.toBigIntegerExact();
    }
}
