package io.qicore.mcp.timescale.internal.schema;

import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.catalog.TableType;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code list_tables}: lists tables and views. A hypertable is one table, and its chunks are not listed. */
public final class ListTablesTool {

    private static final int MAX_TABLES = 500;

    private static final String TABLES = "SELECT n.nspname, c.relname, c.relkind,"
            + " CASE WHEN c.reltuples >= 0 AND c.relkind IN ('r', 'p', 'm') THEN c.reltuples::bigint END,"
            + " CASE WHEN c.relkind IN ('r', 'm') THEN pg_total_relation_size(c.oid) WHEN c.relkind = 'p' THEN"
            + " (SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_partition_tree(c.oid)) END"
            + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND " + Catalog.USER_SCHEMAS
            + " AND has_schema_privilege(n.oid, 'USAGE') AND (CAST(? AS text) IS NULL OR n.nspname = ?)";

    private static final String ORDER = " ORDER BY 1, 2 LIMIT " + (MAX_TABLES + 1);

    private static final String CONTINUOUS_AGGREGATES =
            "SELECT view_schema, view_name FROM timescaledb_information.continuous_aggregates";

    private final Database database;

    record Arguments(@Schema("Only this schema") @Nullable String schema) {}

    record TableSummary(
            @Schema("Schema name") String schema,
            @Schema("Table name") String name,

            @Schema("table, partitioned table, hypertable, view, materialized view, continuous aggregate or foreign"
                    + " table")
            String type,

            @Schema("Planner's estimate; absent if the table was never analyzed") @Nullable
            Long estimatedRows,

            @Schema("Size with indexes and TOAST, of all chunks or partitions, in bytes") @Nullable
            Long sizeBytes) {}

    record Result(
            @Schema("Sorted by schema and name") List<TableSummary> tables,

            @Schema("Whether there are more tables than these; then give a schema")
            boolean truncated) {}

    private record Key(String schema, String name) {}

    private record Size(@Nullable Long rows, @Nullable Long bytes) {}

    private ListTablesTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("list_tables", Arguments.class, Result.class)
                .title("List tables")
                .description(
                        "Lists tables, hypertables and views with estimated rows and sizes. Start here. For chunks "
                                + "use list_chunks.")
                .annotations(ToolAnnotations.readOnly())
                .handler(new ListTablesTool(database)::list)
                .build();
    }

    private Result list(Arguments arguments, RequestContext context) {
        return database.read(context, session -> {
            String schema = arguments.schema() == null ? null : new Catalog(session).schema(arguments.schema());
            Optional<TimescaleExtension> timescale = TimescaleExtension.findSupported(session);
            Map<Key, Size> hypertables = timescale.isPresent() ? hypertables(session, timescale.get()) : Map.of();
            Set<Key> aggregates = timescale.isPresent() ? continuousAggregates(session) : Set.of();
            List<TableSummary> tables = session.list(
                    TABLES + session.limits().and("n.nspname") + ORDER,
                    row -> summary(row, hypertables, aggregates),
                    schema,
                    schema);
            boolean truncated = tables.size() > MAX_TABLES;
            return new Result(truncated ? tables.subList(0, MAX_TABLES) : tables, truncated);
        });
    }

    private static TableSummary summary(ResultSet row, Map<Key, Size> hypertables, Set<Key> aggregates)
            throws SQLException {
        Key key = new Key(row.getString(1), row.getString(2));
        boolean aggregate = aggregates.contains(key);
        Size folded = hypertables.get(key);
        if (folded != null) {
            String type = aggregate ? TableType.CONTINUOUS_AGGREGATE : TableType.HYPERTABLE;
            return new TableSummary(key.schema(), key.name(), type, folded.rows(), folded.bytes());
        }
        String type = aggregate
                ? TableType.CONTINUOUS_AGGREGATE
                : TableType.of(row.getString(3).charAt(0));
        return new TableSummary(
                key.schema(), key.name(), type, row.getObject(4, Long.class), row.getObject(5, Long.class));
    }

    private static Map<Key, Size> hypertables(Session session, TimescaleExtension timescale) throws SQLException {
        Map<Key, Size> sizes = new HashMap<>();
        session.list(
                hypertablesSql(timescale),
                row -> sizes.put(
                        new Key(row.getString(1), row.getString(2)),
                        new Size(row.getObject(3, Long.class), row.getObject(4, Long.class))));
        return sizes;
    }

    /**
     * The parent of a hypertable is empty, and a continuous aggregate is a view: rows and size are those of the chunks
     * behind them.
     */
    static String hypertablesSql(TimescaleExtension timescale) {
        String size = timescale.isAtLeast(2, 16) ? "hypertable_approximate_size" : "hypertable_size";
        String table = "CAST(format('%I.%I', hidden_schema, hidden_name) AS regclass)";
        // 0 can mean "not analyzed" as well as "empty".
        return "SELECT schema, name, nullif(" + timescale.function("approximate_row_count") + "(" + table + "), 0), "
                + timescale.function(size) + "(" + table + ") FROM (SELECT hypertable_schema AS schema,"
                + " hypertable_name AS name, hypertable_schema AS hidden_schema, hypertable_name AS hidden_name"
                + " FROM timescaledb_information.hypertables UNION ALL SELECT view_schema, view_name,"
                + " materialization_hypertable_schema, materialization_hypertable_name"
                + " FROM timescaledb_information.continuous_aggregates) AS t LIMIT " + MAX_TABLES;
    }

    private static Set<Key> continuousAggregates(Session session) throws SQLException {
        return new HashSet<>(session.list(CONTINUOUS_AGGREGATES, row -> new Key(row.getString(1), row.getString(2))));
    }
}
