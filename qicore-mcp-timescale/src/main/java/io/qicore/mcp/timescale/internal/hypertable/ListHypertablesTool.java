package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
import io.qicore.mcp.timescale.internal.sql.TimeText;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code list_hypertables}: hypertables and continuous aggregates with their chunks, rows and sizes. */
public final class ListHypertablesTool {

    private static final int MAX_HYPERTABLES = 200;

    record Arguments(@Schema("Only this schema") @Nullable String schema) {}

    record Entry(
            @Schema("Schema name") String schema,
            @Schema("Name of the table or view") String name,
            @Schema("hypertable or continuous aggregate") String type,

            @Schema("Column by which it is partitioned") @Nullable
            String timeColumn,

            @Schema("Time that a chunk spans, ISO-8601, or an integer") @Nullable
            String chunkInterval,

            @Schema("Number of chunks") long chunks,
            @Schema("Number of chunks in the columnstore") long compressedChunks,
            @Schema("Whether the columnstore is enabled") boolean columnstoreEnabled,

            @Schema("Bytes of all chunks with indexes") @Nullable
            Long sizeBytes,

            @Schema("Planner's estimate; absent if never analyzed") @Nullable
            Long estimatedRows,

            @Schema("Start of the oldest chunk") @Nullable String from,

            @Schema("End of the newest chunk") @Nullable String to) {}

    record Result(
            @Schema("Sorted by schema and name") List<Entry> hypertables,
            @Schema("Whether there are more than these") boolean truncated) {}

    private final Database database;

    private ListHypertablesTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("list_hypertables", Arguments.class, Result.class)
                .title("List hypertables")
                .description("Lists hypertables and continuous aggregates with chunk interval, chunks, size and time "
                        + "range. For one use describe_hypertable.")
                .annotations(ToolAnnotations.readOnly())
                .handler(new ListHypertablesTool(database)::list)
                .build();
    }

    private Result list(Arguments arguments, RequestContext context) {
        return database.read(context, session -> {
            TimescaleExtension timescale = TimescaleExtension.require(session, TimescaleFeature.HYPERTABLES);
            String schema = arguments.schema() == null ? null : new Catalog(session).schema(arguments.schema());
            List<Entry> entries =
                    session.list(sql(timescale, session.limits()), ListHypertablesTool::read, schema, schema);
            boolean truncated = entries.size() > MAX_HYPERTABLES;
            return new Result(truncated ? entries.subList(0, MAX_HYPERTABLES) : entries, truncated);
        });
    }

    /** Arguments: the schema twice, which may be null. */
    static String sql(TimescaleExtension timescale, SchemaLimits limits) {
        String size = timescale.isAtLeast(2, 16) ? "hypertable_approximate_size" : "hypertable_size";
        String relation = "CAST(format('%I.%I', t.hidden_schema, t.hidden_name) AS regclass)";
        return "SELECT t.schema, t.name, t.type, d.column_name, coalesce(d.time_interval::text,"
                + " d.integer_interval::text), coalesce(c.chunks, 0), coalesce(c.compressed, 0), t.compression_enabled, "
                + timescale.function(size) + "(" + relation + "), nullif("
                + timescale.function("approximate_row_count") + "(" + relation + "), 0), c.first, c.last FROM ("
                + "SELECT hypertable_schema AS schema, hypertable_name AS name, 'hypertable' AS type,"
                + " hypertable_schema AS hidden_schema, hypertable_name AS hidden_name, compression_enabled"
                + " FROM timescaledb_information.hypertables"
                + " UNION ALL SELECT view_schema, view_name, 'continuous aggregate',"
                + " materialization_hypertable_schema, materialization_hypertable_name, compression_enabled"
                + " FROM timescaledb_information.continuous_aggregates) AS t"
                + " LEFT JOIN timescaledb_information.dimensions d ON d.hypertable_schema = t.hidden_schema"
                + " AND d.hypertable_name = t.hidden_name AND d.dimension_number = 1"
                + " LEFT JOIN (SELECT hypertable_schema, hypertable_name, count(*) AS chunks,"
                + " count(*) FILTER (WHERE is_compressed) AS compressed,"
                + " coalesce(to_json(min(range_start))#>>'{}', min(range_start_integer)::text) AS first,"
                + " coalesce(to_json(max(range_end))#>>'{}', max(range_end_integer)::text) AS last"
                + " FROM timescaledb_information.chunks GROUP BY 1, 2) AS c"
                + " ON c.hypertable_schema = t.hidden_schema AND c.hypertable_name = t.hidden_name"
                + " WHERE (CAST(? AS text) IS NULL OR t.schema = ?)" + limits.and("t.schema") + " ORDER BY 1, 2 LIMIT "
                + (MAX_HYPERTABLES + 1);
    }

    private static Entry read(ResultSet row) throws SQLException {
        return new Entry(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getLong(6),
                row.getLong(7),
                row.getBoolean(8),
                row.getObject(9, Long.class),
                row.getObject(10, Long.class),
                TimeText.instant(row.getString(11)),
                TimeText.instant(row.getString(12)));
    }
}
