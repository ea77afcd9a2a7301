package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.timescale.internal.sql.Intervals;
import io.qicore.mcp.timescale.internal.sql.TimeText;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** {@code get_ingest_health}: whether rows arrive in each series as they should. */
public final class GetIngestHealthTool {

    private static final int MOST_SERIES = 50;

    record Arguments(
            @Schema("Table with a time column") String table,

            @Schema("Series column, such as symbol") @Nullable
            String groupBy,

            @Schema(value = "Before the newest row", defaultValue = "1h")
            String window,

            @Schema("Shortest gap; else 3 times the median") @Nullable
            String maxGap,

            @Schema("If several") @Nullable String timeColumn) {}

    record Series(
            @Schema("Value of groupBy; absent without it") @Nullable
            String series,

            @Schema("Time of its newest row") String latest,

            @Schema("Seconds behind the newest row of the table")
            double secondsBehind,

            @Schema("Rows in the window") long rows,

            @Schema("Median of the seconds between rows") @Nullable
            Double medianSeconds,

            @Schema("Number of gaps longer than maxGap") long gaps,

            @Schema("Longest time between rows, in seconds") @Nullable
            Double largestGapSeconds,

            @Schema("Where the largest gap ends") @Nullable String largestGapEnd,

            @Schema("Rows at a time at which the series already has a row")
            long duplicates,

            @Schema("Rows stored after a later one, judged by their place on disk; absent if compressed") @Nullable
            Long late) {}

    record Result(
            @Schema("Table, as schema.name") String table,

            @Schema("Time of the newest row; absent if the table is empty") @Nullable
            String newest,

            @Schema("Seconds since the newest row; negative if it is in the future") @Nullable
            Double ageSeconds,

            @Schema("Rows of the listed series in the window")
            long rows,

            @Schema("Rows per minute in the window") double rowsPerMinute,

            @Schema("The series that is furthest behind comes first")
            List<Series> series,

            @Schema("Whether there are more series than these")
            boolean truncated) {}

    private final Database database;
    private final CatalogGuard guard;

    private GetIngestHealthTool(Database database, CatalogGuard guard) {
        this.database = database;
        this.guard = guard;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database, CatalogGuard guard) {
        return MCPTool.builder("get_ingest_health", Arguments.class, Result.class)
                .title("Get ingest health")
                .description("Checks whether data still arrives: newest row, gaps, late and duplicate rows of each "
                        + "series, rows per minute.")
                .annotations(ToolAnnotations.readOnly())
                .handler(new GetIngestHealthTool(database, guard)::health)
                .build();
    }

    private Result health(Arguments arguments, RequestContext context) {
        Duration window = Intervals.parse(arguments.window(), "window");
        Duration maxGap = arguments.maxGap() == null ? null : Intervals.parse(arguments.maxGap(), "maxGap");
        return database.read(context, session -> {
            SeriesTable table = SeriesTable.of(session, guard, arguments.table(), arguments.timeColumn());
            requireTime(table);
            String series = arguments.groupBy() == null
                    ? null
                    : table.column(arguments.groupBy()).sqlName();
            Optional<String> found = newest(session, table);
            if (found.isEmpty()) {
                return new Result(table.table().fullName(), null, null, 0, 0, List.of(), false);
            }
            Instant newest = Instant.parse(found.get());
            Instant from = newest.minus(window);
            AtomicLong rows = new AtomicLong();
            List<Series> all = session.list(
                    sql(table, series, placeIsKnown(session, table, from)),
                    row -> {
                        // The same in every row: the totals of all series, also those beyond the limit.
                        rows.set(row.getLong(11));
                        return read(row);
                    },
                    from.toString(),
                    newest.toString(),
                    newest.toString(),
                    maxGap == null ? null : (double) maxGap.toSeconds());
            boolean truncated = all.size() > MOST_SERIES;
            return new Result(
                    table.table().fullName(),
                    newest.toString(),
                    Duration.between(newest, Instant.now()).toMillis() / 1000.0,
                    rows.get(),
                    Math.round(rows.get() * 6000.0 / window.toSeconds()) / 100.0,
                    truncated ? all.subList(0, MOST_SERIES) : all,
                    truncated);
        });
    }

    private static void requireTime(SeriesTable table) {
        if (table.kind() == TimeKind.INTEGER) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "The time of '" + table.table().fullName()
                            + "' is an integer, whose unit the server does not know. Use"
                            + " get_time_buckets with count(*) instead.",
                    Map.of(
                            "table",
                            table.table().fullName(),
                            "column",
                            table.time().name()));
        }
    }

    /** Reads the newest time from the end of the index on time, which is cheap. */
    private static Optional<String> newest(Session session, SeriesTable table) throws SQLException {
        String time = table.time().sqlName();
        return session.first(
                "SELECT to_json(CAST(" + time + " AS timestamptz))#>>'{}' FROM "
                        + table.table().sqlName() + " WHERE isfinite(" + time + ") ORDER BY " + time + " DESC LIMIT 1",
                row -> TimeText.instant(row.getString(1)));
    }

    /** Rows of views and compressed chunks do not have a physical location. */
    private static boolean placeIsKnown(Session session, SeriesTable table, Instant from) throws SQLException {
        if (table.table().kind() != 'r') {
            return false;
        }
        return table.timescale().isEmpty()
                || session.first(
                                "SELECT 1 FROM timescaledb_information.chunks WHERE hypertable_schema = ?"
                                        + " AND hypertable_name = ? AND is_compressed"
                                        + " AND coalesce(range_end > CAST(? AS timestamptz), true) LIMIT 1",
                                row -> true,
                                table.table().schema(),
                                table.table().name(),
                                from.toString())
                        .isEmpty();
    }

    /**
     * Arguments: start and end of the window, the end again, and the longest step in seconds that is not a gap, or
     * null.
     */
    static String sql(SeriesTable table, @Nullable String series, boolean placeIsKnown) {
        String time = "CAST(" + table.time().sqlName() + " AS timestamptz)";
        String name = series == null ? "CAST(NULL AS text)" : "CAST(" + series + " AS text)";
        String late = placeIsKnown
                ? "time < max(time) OVER (PARTITION BY chunk, series ORDER BY place"
                        + " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
                : "CAST(NULL AS boolean)";
        return "WITH in_window AS (SELECT " + name + " AS series, " + time + " AS time"
                + (placeIsKnown ? ", tableoid AS chunk, ctid AS place" : "") + " FROM "
                + table.table().sqlName() + " WHERE " + table.time().sqlName() + " > CAST(? AS timestamptz) AND "
                + table.time().sqlName() + " <= CAST(? AS timestamptz)), steps AS (SELECT series, time, "
                + "CAST(extract(epoch FROM time - lag(time) OVER (PARTITION BY series ORDER BY time))"
                + " AS double precision) AS step, " + late + " AS late FROM in_window), medians AS (SELECT series,"
                + " percentile_cont(0.5) WITHIN GROUP (ORDER BY step) FILTER (WHERE step > 0) AS median"
                + " FROM steps GROUP BY series) SELECT s.series, to_json(max(s.time))#>>'{}',"
                + " CAST(extract(epoch FROM CAST(? AS timestamptz) - max(s.time)) AS double precision), count(*),"
                + " min(m.median), count(*) FILTER (WHERE s.step > coalesce(CAST(? AS double precision), 3 * m.median)),"
                + " max(s.step), to_json((array_agg(s.time ORDER BY s.step DESC) FILTER (WHERE s.step IS NOT NULL))[1])"
                + "#>>'{}', count(*) FILTER (WHERE s.step = 0), "
                + (placeIsKnown ? "count(*) FILTER (WHERE s.late)" : "CAST(NULL AS bigint)")
                + ", sum(count(*)) OVER () FROM steps s JOIN medians m ON m.series IS NOT DISTINCT FROM s.series GROUP BY s.series"
                + " ORDER BY max(s.time), s.series LIMIT " + (MOST_SERIES + 1);
    }

    private static Series read(ResultSet row) throws SQLException {
        return new Series(
                row.getString(1),
                Objects.requireNonNull(TimeText.instant(row.getString(2))),
                row.getDouble(3),
                row.getLong(4),
                row.getObject(5, Double.class),
                row.getLong(6),
                row.getObject(7, Double.class),
                TimeText.instant(row.getString(8)),
                row.getLong(9),
                row.getObject(10, Long.class));
    }
}
