package io.qicore.mcp.timescale.internal.series;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.timescale.internal.query.QueryRunner;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code get_latest}: returns the newest row, or the newest row of each series. */
public final class GetLatestTool {

    record Arguments(
            @Schema("Table with a time column") String table,

            @Schema("Column that tells series apart, such as symbol") @Nullable
            String groupBy,

            @Schema("Only these values of groupBy") @Nullable
            List<String> series,

            @Schema("Time, date, or age such as 1h") @Nullable
            String from,

            @Schema(value = "Largest number of series", minimum = 1, maximum = 200, defaultValue = "20")
            int limit) {}

    record Result(
            @Schema("Table, as schema.name") String table,
            @Schema("Names of the values in each row") List<String> columns,
            @Schema("One array of values for each series") List<List<JsonNode>> rows,

            @Schema("Whether there are more series than these")
            boolean truncated) {}

    private final Database database;
    private final CatalogGuard guard;

    private GetLatestTool(Database database, CatalogGuard guard) {
        this.database = database;
        this.guard = guard;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database, CatalogGuard guard) {
        return MCPTool.builder("get_latest", Arguments.class, Result.class)
                .title("Get latest rows")
                .description("Returns the newest row of each series. Give from for large tables. For a history use "
                        + "get_time_buckets or query.")
                .annotations(ToolAnnotations.readOnly())
                .handler(new GetLatestTool(database, guard)::latest)
                .build();
    }

    private Result latest(Arguments arguments, RequestContext context) {
        Instant from = TimeRange.point(arguments.from(), "from", Instant.now());
        List<String> wanted = arguments.series() == null ? List.of() : arguments.series();
        if (arguments.groupBy() == null && !wanted.isEmpty()) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'series' needs 'groupBy', the column that tells the series apart, such as symbol.",
                    Map.of("argument", "groupBy"));
        }
        return database.read(context, session -> {
            SeriesTable table = SeriesTable.of(session, guard, arguments.table(), null);
            String series = arguments.groupBy() == null
                    ? null
                    : table.column(arguments.groupBy()).sqlName();
            ObjectNode values = JsonNodeFactory.instance.objectNode();
            if (from != null) {
                values.put("from", from.toString());
            }
            if (series != null && !wanted.isEmpty()) {
                wanted.forEach(values.putArray("series")::add);
            }
            QueryRunner.Rows rows = SeriesRows.run(
                    session,
                    sql(table, series, from != null, series != null && !wanted.isEmpty()),
                    values,
                    arguments.limit());
            return new Result(
                    table.table().fullName(),
                    rows.columns().stream().map(QueryRunner.Column::name).toList(),
                    rows.rows(),
                    rows.truncated());
        });
    }

    /** The statement, with the parameters from and series if they are given. */
    static String sql(SeriesTable table, @Nullable String series, boolean bounded, boolean chosen) {
        String time = table.time().sqlName();
        List<String> conditions = new ArrayList<>();
        // Lets TimescaleDB exclude chunks, and excludes NULLs.
        conditions.add(bounded ? time + " >= CAST(:from AS timestamptz)" : time + " IS NOT NULL");
        if (chosen) {
            conditions.add("CAST(" + series + " AS text) = ANY (CAST(:series AS text[]))");
        }
        return "SELECT " + (series == null ? "" : "DISTINCT ON (" + series + ") ") + "* FROM "
                + table.table().sqlName() + " WHERE " + String.join(" AND ", conditions) + " ORDER BY "
                + (series == null ? "" : series + ", ") + time + " DESC";
    }
}
