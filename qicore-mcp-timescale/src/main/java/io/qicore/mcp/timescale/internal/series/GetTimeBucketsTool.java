package io.qicore.mcp.timescale.internal.series;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.timescale.internal.query.QueryRunner;
import io.qicore.mcp.timescale.internal.sql.AggregateCall;
import io.qicore.mcp.timescale.internal.sql.Intervals;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code get_time_buckets}: returns aggregates per time bucket, with or without empty buckets. */
public final class GetTimeBucketsTool {

    /** The largest number of rows of an answer, and of buckets of a range. */
    private static final int MOST_ROWS = 1000;

    private static final String BUCKET = "bucket";
    private static final String SERIES = "series";
    private static final String NONE = "none";

    record Arguments(
            @Schema("Table with a time column") String table,
            @Schema("Length of a bucket, such as 5m") String interval,

            @Schema(value = "Such as last(price), avg(x) as mean, count(*)", minLength = 1)
            List<String> aggregates,

            @Schema("Time, date, or age such as 24h") String from,

            @Schema("End, exclusive; by default now") @Nullable
            String to,

            @Schema("Column that tells series apart, such as symbol") @Nullable
            String groupBy,

            @Schema(
                    value = "How to fill empty buckets",
                    defaultValue = NONE,
                    allowed = {NONE, "null", "locf", "interpolate"})
            String fill,

            @Schema("If there are several") @Nullable String timeColumn) {}

    record Result(
            @Schema("Table, as schema.name") String table,

            @Schema("bucket, series if grouped, and the aggregates")
            List<String> columns,

            @Schema("One array for each bucket; times are starts in UTC")
            List<List<JsonNode>> rows,

            @Schema("Whether there are more rows than these")
            boolean truncated) {}

    private final Database database;
    private final CatalogGuard guard;

    private GetTimeBucketsTool(Database database, CatalogGuard guard) {
        this.database = database;
        this.guard = guard;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database, CatalogGuard guard) {
        return MCPTool.builder("get_time_buckets", Arguments.class, Result.class)
                .title("Get time buckets")
                .description(
                        "Aggregates a table per time bucket in UTC, at most " + MOST_ROWS
                                + " rows; fill adds empty buckets. For bars of prices use get_candlesticks. Example: {\"table\":"
                                + " \"ticks\", \"interval\": \"5m\", \"aggregates\": [\"avg(price) as mean\"], \"from\": \"24h\"}")
                .annotations(ToolAnnotations.readOnly())
                .handler(new GetTimeBucketsTool(database, guard)::buckets)
                .build();
    }

    private Result buckets(Arguments arguments, RequestContext context) {
        Duration interval = Intervals.parse(arguments.interval(), "interval");
        List<AggregateCall> calls = AggregateSql.parse(arguments.aggregates(), List.of(BUCKET, SERIES));
        Instant now = Instant.now();
        // Whole seconds, like buckets, so that the same call has the same range.
        TimeRange range =
                TimeRange.parse(arguments.from(), arguments.to() == null ? now.toString() : arguments.to(), now);
        range.requireAtMost(MOST_ROWS, 1, interval, now);
        return database.read(context, session -> {
            SeriesTable table = SeriesTable.of(session, guard, arguments.table(), arguments.timeColumn());
            String series = arguments.groupBy() == null
                    ? null
                    : table.column(arguments.groupBy()).sqlName();
            ObjectNode values = JsonNodeFactory.instance.objectNode();
            values.put("from", Objects.toString(range.from()));
            values.put("to", Objects.toString(range.to()));
            if (series != null) {
                range.requireAtMost(
                        MOST_ROWS, countSeries(session, table, series, values, interval, range, now), interval, now);
            }
            values.put("interval", Intervals.toSql(interval));
            QueryRunner.Rows rows = SeriesRows.run(session, sql(table, series, calls), values, MOST_ROWS);
            return new Result(
                    table.table().fullName(),
                    rows.columns().stream().map(QueryRunner.Column::name).toList(),
                    arguments.fill().equals(NONE)
                            ? rows.rows()
                            : filler(arguments.fill(), interval, range, now, series, calls)
                                    .fill(rows.rows()),
                    rows.truncated());
        });
    }

    /** Counts the series up to the limit. */
    private static long countSeries(
            Session session,
            SeriesTable table,
            String series,
            ObjectNode values,
            Duration interval,
            TimeRange range,
            Instant now)
            throws SQLException {
        long enough = MOST_ROWS / Math.max(1, range.buckets(interval, now)) + 1;
        return session.list(
                        "SELECT count(*) FROM (SELECT DISTINCT " + series + " FROM "
                                + table.table().sqlName() + " WHERE "
                                + table.time().sqlName()
                                + " >= CAST(? AS timestamptz) AND "
                                + table.time().sqlName()
                                + " < CAST(? AS timestamptz) LIMIT " + enough + ") AS s",
                        row -> row.getLong(1),
                        values.path("from").asText(),
                        values.path("to").asText())
                .get(0);
    }

    /** The statement, with the parameters from, to and interval. */
    static String sql(SeriesTable table, @Nullable String series, List<AggregateCall> calls) {
        AggregateSql aggregates = new AggregateSql(table.table(), table.columns(), table.time(), table.timescale());
        List<String> selected = new ArrayList<>();
        selected.add(aggregates.bucket("CAST(:interval AS interval)") + " AS " + BUCKET);
        if (series != null) {
            selected.add(series + " AS " + SERIES);
        }
        calls.forEach(call -> selected.add(aggregates.call(call) + " AS \"" + call.alias() + "\""));
        String keys = series == null ? "1" : "1, 2";
        return "SELECT " + String.join(", ", selected) + " FROM "
                + table.table().sqlName() + " WHERE "
                + table.time().sqlName() + " >= CAST(:from AS timestamptz) AND "
                + table.time().sqlName()
                + " < CAST(:to AS timestamptz) GROUP BY " + keys + " ORDER BY "
                + (series == null ? "1" : "2, 1");
    }

    private static GapFiller filler(
            String fill,
            Duration interval,
            TimeRange range,
            Instant now,
            @Nullable String series,
            List<AggregateCall> calls) {
        return new GapFiller(
                GapFiller.Mode.valueOf(fill.toUpperCase(Locale.ROOT)),
                interval,
                Objects.requireNonNull(range.from()),
                range.buckets(interval, now),
                series == null ? 0 : 1,
                calls.stream().map(call -> call.function().equals("count")).toList());
    }
}
