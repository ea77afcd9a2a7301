package io.qicore.mcp.timescale.internal.series;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.guard.CatalogGuard;
import io.qicore.mcp.timescale.internal.query.QueryRunner;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code get_latest}: returns the newest row, or the newest row of each series. */
public final class GetLatestTool {

    record Arguments(
            @Schema("Table with a time column") String table,

            @Schema("Series column, such as symbol") @Nullable
            String groupBy,

            @Schema("Only these values of groupBy") @Nullable
            List<String> series,

            @Schema("Time, date, or age such as 1h") @Nullable
            String from,

            @Schema(value = "Most series", minimum = 1, maximum = 200, defaultValue = "20")
            int limit,

            @Schema("If several") @Nullable String timeColumn) {}

    record Result(
            @Schema("Table, as schema.name") String table,
            @Schema("Names of the values in each row") List<String> columns,

            @Schema("One array of values for each series, as in query; rows at an infinite time are left out")
            List<List<JsonNode>> rows,

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
                .description("Returns the newest row of each series. For a history use get_time_buckets or query.")
                .annotations(ToolAnnotations.readOnly())
                .resultHandler(new GetLatestTool(database, guard)::latest)
                .build();
    }

    private ToolResult latest(Arguments arguments, RequestContext context) {
        List<String> wanted = arguments.series() == null ? List.of() : arguments.series();
        if (arguments.groupBy() == null && !wanted.isEmpty()) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'series' needs 'groupBy', the column that tells the series apart, such as symbol.",
                    Map.of("argument", "groupBy"));
        }
        return database.read(context, session -> {
            SeriesTable table = SeriesTable.of(session, guard, arguments.table(), arguments.timeColumn());
            TableColumn series = arguments.groupBy() == null ? null : table.column(arguments.groupBy());
            ObjectNode values = JsonNodeFactory.instance.objectNode();
            String from = from(table, arguments.from());
            if (from != null) {
                values.put("from", from);
            }
            if (!wanted.isEmpty()) {
                wanted.forEach(values.putArray("series")::add);
            }
            Optional<LatestSql.Operators> index =
                    series == null ? Optional.empty() : LatestSql.index(session, table, series);
            QueryRunner.Rows rows = SeriesRows.runner(
                            session, LatestSql.of(table, series, index, from != null, !wanted.isEmpty()), values)
                    .run(arguments.limit());
            return ToolResult.written(rows.json()
                    .object(
                            out -> SeriesRows.head(table, rows.columns(), out),
                            out -> out.writeBooleanField("truncated", rows.truncated())));
        });
    }

    private static @Nullable String from(SeriesTable table, @Nullable String text) {
        if (table.kind() == TimeKind.INTEGER) {
            Long from = SeriesRange.integer(text, "from");
            return from == null ? null : from.toString();
        }
        return new TimeRange(TimeRange.point(text, "from", Instant.now(), ZoneOffset.UTC), null).fromSql();
    }
}
