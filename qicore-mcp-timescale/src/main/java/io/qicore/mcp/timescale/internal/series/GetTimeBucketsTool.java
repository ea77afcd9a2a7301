package io.qicore.mcp.timescale.internal.series;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.timescale.internal.query.JsonRows;
import io.qicore.mcp.timescale.internal.query.QueryRunner;
import io.qicore.mcp.timescale.internal.sql.AggregateCall;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

            @Schema("Such as 5m, 1d, 3mo; 100 of an integer")
            String interval,

            @Schema(value = "Such as last(price), avg(x) as mean, count(*)", minLength = 1)
            List<String> aggregates,

            @Schema("Time, date, age such as 24h, or integer")
            String from,

            @Schema("End, exclusive; by default now") @Nullable
            String to,

            @Schema("Series column, such as symbol") @Nullable
            String groupBy,

            @Schema(
                    value = "Of empty buckets",
                    defaultValue = NONE,
                    allowed = {NONE, "null", "locf", "interpolate"})
            String fill,

            @Schema("If several, or an integer") @Nullable String timeColumn,

            @Schema(TimeRange.TIMEZONE) @Nullable String timezone) {}

    record Result(
            @Schema("Table, as schema.name") String table,

            @Schema("bucket, series if grouped, and the aggregates")
            List<String> columns,

            @Schema(
                    "One array for each bucket: its start with the offset of timezone, or an integer; series; aggregates,"
                            + " which leave NULL out, also first and last. Values as in query. Buckets are aligned to local"
                            + " midnight, weeks to Monday, months to January; n units count from 2000")
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
                .description("Aggregates a table per time bucket, at most " + MOST_ROWS
                        + " rows; fill adds empty buckets. For bars of prices use get_candlesticks. Example: {\"table\":"
                        + " \"ticks\", \"interval\": \"5m\", \"aggregates\": [\"avg(price)\"], \"from\": \"24h\"}")
                .annotations(ToolAnnotations.readOnly())
                .resultHandler(new GetTimeBucketsTool(database, guard)::buckets)
                .build();
    }

    private ToolResult buckets(Arguments arguments, RequestContext context) {
        List<AggregateCall> calls = AggregateSql.parse(arguments.aggregates(), List.of(BUCKET, SERIES));
        // Taken once, so that the same call has the same range.
        SeriesRange.Text wanted = new SeriesRange.Text(
                arguments.interval(),
                arguments.from(),
                arguments.to(),
                TimeRange.zone(arguments.timezone()),
                Instant.now());
        return database.read(context, session -> {
            SeriesTable table = SeriesTable.of(session, guard, arguments.table(), arguments.timeColumn());
            String series = arguments.groupBy() == null
                    ? null
                    : table.column(arguments.groupBy()).sqlName();
            SeriesRange.Bucketed bucketed = SeriesRange.bounded(table, wanted, MOST_ROWS, session);
            Buckets buckets = bucketed.buckets();
            ObjectNode values = JsonNodeFactory.instance.objectNode();
            values.put("from", bucketed.range().from());
            values.put("to", bucketed.range().to());
            if (buckets.argument() != null) {
                values.put("starts", buckets.argument());
            }
            QueryRunner.Texts found = SeriesRows.runner(session, sql(table, series, calls, buckets), values)
                    .texts(MOST_ROWS);
            BucketRows rows = new BucketRows(buckets, series != null, table.kind() == TimeKind.INTEGER, found);
            if (found.truncated() && !arguments.fill().equals(NONE)) {
                throw tooMany(table, wanted, bucketed, MOST_ROWS / buckets.count() + 1);
            }
            JsonRows json = arguments.fill().equals(NONE)
                    ? rows.asFound()
                    : rows.filled(filler(arguments.fill(), buckets, rows, calls), MOST_ROWS, count -> {
                        throw tooMany(table, wanted, bucketed, count);
                    });
            return ToolResult.written(json.object(
                    out -> SeriesRows.head(table, rows.columns(), out),
                    out -> out.writeBooleanField("truncated", found.truncated())));
        });
    }

    private static GapFiller filler(String fill, Buckets buckets, BucketRows rows, List<AggregateCall> calls) {
        return new GapFiller(
                GapFiller.Mode.valueOf(fill.toUpperCase(Locale.ROOT)),
                buckets,
                rows.valueColumns(),
                calls.stream().map(call -> call.function().equals("count")).toList());
    }

    /**
     * The statement, with the parameters from and to, and starts if the buckets have an argument. Each row has the number
     * of its bucket, then the number and the name of its series if there is one, and the aggregates.
     */
    static String sql(SeriesTable table, @Nullable String series, List<AggregateCall> calls, Buckets buckets) {
        AggregateSql aggregates = new AggregateSql(table.table(), table.columns(), table.time(), table.timescale());
        List<String> inner = new ArrayList<>();
        List<String> outer = new ArrayList<>();
        inner.add(buckets.expression(table, ":starts") + " AS bucket_");
        outer.add(buckets.code("bucket_") + " AS bucket");
        if (series != null) {
            inner.add(series + " AS series_");
            // Equal values, such as 10 and 10.0, may be written differently in different buckets.
            outer.add("pg_catalog.dense_rank() OVER (ORDER BY series_)");
            outer.add("series_ AS series");
        }
        for (int i = 0; i < calls.size(); i++) {
            inner.add(aggregates.call(calls.get(i)) + " AS a" + i);
            outer.add("a" + i + " AS \"" + calls.get(i).alias() + "\"");
        }
        String time = table.time().sqlName();
        String type = table.kind().boundType();
        return "SELECT " + String.join(", ", outer) + " FROM (SELECT " + String.join(", ", inner) + " FROM "
                + table.table().sqlName() + " WHERE " + time + " >= CAST(:from AS " + type + ") AND " + time
                + " < CAST(:to AS " + type + ") GROUP BY " + (series == null ? "1" : "1, 2") + ") AS buckets ORDER BY "
                + (series == null ? "1" : "2, 1");
    }

    private static MCPToolError tooMany(
            SeriesTable table, SeriesRange.Text text, SeriesRange.Bucketed bucketed, int series) {
        int count = bucketed.buckets().count();
        if (bucketed.buckets() instanceof IntegerBuckets integers) {
            long from = integers.first();
            return IntegerBuckets.tooMany(
                    integers.width(), from, from + integers.width() * count, MOST_ROWS, series, count, "");
        }
        ZoneId zone = SeriesRange.zone(table, text.zone());
        TimeRange range =
                TimeRange.parse(text.from(), text.to() == null ? text.now().toString() : text.to(), text.now(), zone);
        return TimeBuckets.tooMany(
                BucketWidth.parse(text.interval()), zone, range.from(), range.to(), MOST_ROWS, series, count, "");
    }
}
