package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code get_candlesticks}: open, high, low, close, volume and mean price for each interval, from candles or ticks. */
public final class GetCandlesticksTool {

    /** The largest number of buckets in a range. All of them are computed, although the answer has fewer. */
    private static final int MOST_BUCKETS = 10_000;

    record Arguments(
            @Schema("Has time, symbol, volume, and open, high, low, close or price")
            String table,

            @Schema("Only this one") @Nullable String symbol,
            @Schema("Only these") @Nullable List<String> symbols,

            @Schema("s, m, h, d, w, mo, q or y, such as 5m") String interval,

            @Schema("Inclusive: time, date, or age such as 24h") @Nullable
            String from,

            @Schema("End, exclusive") @Nullable String to,

            @Schema(value = "Most candles", minimum = 1, maximum = 1000, defaultValue = "100")
            int limit,

            @Schema("If not symbol") @Nullable String symbolColumn,
            @Schema("If not price") @Nullable String priceColumn,
            @Schema("If not volume") @Nullable String volumeColumn,
            @Schema("If several") @Nullable String timeColumn,
            @Schema(TimeRange.TIMEZONE) @Nullable String timezone) {}

    record Candle(
            @Schema("Absent if the table is one series") @Nullable
            String symbol,

            @Schema("Start of the interval, ISO-8601 with the offset of timezone; an integer if the time column is one")
            String time,

            @Schema("First price; prices that are NULL, NaN or infinite are left out") @Nullable
            Number open,

            @Schema("Highest price") @Nullable Number high,
            @Schema("Lowest price") @Nullable Number low,
            @Schema("Last price") @Nullable Number close,
            @Schema("Sum of the volumes") @Nullable Number volume,

            @Schema("Mean price weighted by volume, of rows with both; of candles, from (high + low + close) / 3")
            @Nullable
            Number vwap) {}

    record Result(
            @Schema("Table, as schema.name") String table,
            @Schema("Length of an interval") String interval,

            @Schema("Oldest first") List<Candle> candles,

            @Schema("Whether older candles of the range are left out")
            boolean truncated) {}

    private final Database database;
    private final CatalogGuard guard;

    private GetCandlesticksTool(Database database, CatalogGuard guard) {
        this.database = database;
        this.guard = guard;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database, CatalogGuard guard) {
        return MCPTool.builder("get_candlesticks", Arguments.class, Result.class)
                .title("Get candlesticks")
                .description("Returns open, high, low, close, volume and VWAP per symbol and interval, from "
                        + "candles or ticks; the newest are kept. For other aggregates use get_time_buckets. "
                        + "Example: {\"table\": \"ticks\", \"interval\": \"5m\", \"from\": "
                        + "\"24h\"}")
                .annotations(ToolAnnotations.readOnly())
                .handler(new GetCandlesticksTool(database, guard)::candlesticks)
                .build();
    }

    private Result candlesticks(Arguments arguments, RequestContext context) {
        Set<String> symbols = new LinkedHashSet<>();
        if (arguments.symbol() != null) {
            symbols.add(arguments.symbol());
        }
        if (arguments.symbols() != null) {
            symbols.addAll(arguments.symbols());
        }
        SeriesRange.Text wanted = new SeriesRange.Text(
                arguments.interval(),
                arguments.from(),
                arguments.to(),
                TimeRange.zone(arguments.timezone()),
                Instant.now());
        return database.read(context, session -> {
            SeriesTable table = SeriesTable.of(session, guard, arguments.table(), arguments.timeColumn());
            CandleColumns columns = CandleColumns.find(
                    table,
                    new CandleColumns.Names(
                            arguments.symbolColumn(), arguments.priceColumn(), arguments.volumeColumn()));
            if (columns.symbol() == null && !symbols.isEmpty()) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "'" + table.table().fullName() + "' has no column 'symbol'. Pass symbolColumn.",
                        Map.of("table", table.table().fullName()));
            }
            SeriesRange.Bucketed bucketed =
                    SeriesRange.open(table, wanted, MOST_BUCKETS / Math.max(1, symbols.size()), session);
            CandlestickSql sql = CandlestickSql.of(
                    table,
                    columns,
                    new CandlestickSql.Wanted(
                            bucketed.buckets(), List.copyOf(symbols), bucketed.range(), arguments.limit()));
            List<Candle> candles = session.list(
                    sql.text(),
                    row -> readCandle(row, bucketed.buckets()),
                    sql.arguments().toArray());
            boolean tooMany = candles.size() > arguments.limit();
            return new Result(
                    table.table().fullName(),
                    arguments.interval(),
                    tooMany ? candles.subList(candles.size() - arguments.limit(), candles.size()) : candles,
                    tooMany || bucketed.shortened());
        });
    }

    private static Candle readCandle(ResultSet row, Buckets buckets) throws SQLException {
        return new Candle(
                row.getString(1),
                buckets.start(row.getLong(2)),
                number(row.getString(3)),
                number(row.getString(4)),
                number(row.getString(5)),
                number(row.getString(6)),
                number(row.getString(7)),
                number(row.getString(8)));
    }

    /** Returns null for NULL, NaN and infinities, which are not prices. */
    private static @Nullable Number number(@Nullable String text) {
        if (text == null || !Character.isDigit(text.charAt(text.length() - 1))) {
            return null;
        }
        BigDecimal value = new BigDecimal(text).stripTrailingZeros();
        // A decimal would be written as 1E+2 for 100.
        return value.scale() > 0 ? value : value.toBigIntegerExact();
    }
}
