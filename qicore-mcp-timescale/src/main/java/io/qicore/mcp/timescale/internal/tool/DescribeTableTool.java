package io.qicore.mcp.timescale.internal.tool;

import io.qicore.mcp.timescale.internal.db.Catalog;
import io.qicore.mcp.timescale.internal.db.Database;
import io.qicore.mcp.timescale.internal.db.Session;
import io.qicore.mcp.timescale.internal.db.Table;
import io.qicore.mcp.timescale.internal.db.TimescaleExtension;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolContext;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code describe_table}: columns, keys and, for a hypertable, its time dimension. */
public final class DescribeTableTool implements ToolGroup {

    private static final String PRIMARY_KEY = "SELECT a.attname FROM pg_index i"
            + " CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)"
            + " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
            + " WHERE i.indrelid = CAST(? AS bigint)::oid AND i.indisprimary ORDER BY k.position";

    private static final String INDEXES = "SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisunique"
            + " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            + " WHERE i.indrelid = CAST(? AS bigint)::oid ORDER BY c.relname";

    private static final String COMMENT = "SELECT obj_description(CAST(? AS bigint)::oid, 'pg_class')";

    private static final String DIMENSION =
            "SELECT d.column_name, d.time_interval::text, d.integer_interval, h.num_chunks,"
                    + " h.compression_enabled FROM timescaledb_information.hypertables h"
                    + " JOIN timescaledb_information.dimensions d USING (hypertable_schema, hypertable_name)"
                    + " WHERE h.hypertable_schema = ? AND h.hypertable_name = ? AND d.dimension_number = 1";

    private static final String IS_CONTINUOUS_AGGREGATE =
            "SELECT 1 FROM timescaledb_information.continuous_aggregates WHERE view_schema = ? AND view_name = ?";

    private final Database database;

    record Arguments(
            @Schema(value = "Table or view: name, or schema.name", minLength = 1, maxLength = 200)
            String table) {}

    record Column(
            String name,
            String type,
            boolean nullable,

            @Schema("SQL expression of the default, if there is one") @Nullable
            String defaultValue,

            @Nullable String comment) {}

    record Index(String name, String definition, boolean unique) {}

    record Hypertable(
            @Schema("The column that it is partitioned by") String timeColumn,

            @Schema("Time that a chunk spans, ISO-8601; absent for an integer dimension") @Nullable
            String chunkInterval,

            @Schema("Span of a chunk in an integer dimension") @Nullable
            Long integerChunkInterval,

            long chunks,
            boolean compressionEnabled) {}

    record Result(
            String schema,
            String table,
            String type,
            @Nullable String comment,
            List<Column> columns,
            List<String> primaryKey,
            List<Index> indexes,
            @Nullable Hypertable hypertable) {}

    public DescribeTableTool(Database database) {
        this.database = database;
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(MCPTool.builder("describe_table", Arguments.class, Result.class)
                .title("Describe a table")
                .description(
                        "Shows the columns, primary key and indexes of a table or view and, for a hypertable, how it"
                                + " is partitioned by time.")
                .annotations(ToolAnnotations.readOnly())
                .handler(this::describe)
                .build());
    }

    private Result describe(Arguments arguments, ToolContext context) {
        return database.read(context, session -> {
            Catalog catalog = new Catalog(session);
            Table table = catalog.table(arguments.table());
            List<Column> columns = catalog.columns(table).stream()
                    .map(column -> new Column(
                            column.name(), column.type(), column.nullable(), column.defaultValue(), column.comment()))
                    .toList();
            boolean timescale = TimescaleExtension.find(session).isPresent();
            Optional<Hypertable> hypertable = timescale ? hypertable(session, table) : Optional.empty();
            return new Result(
                    table.schema(),
                    table.name(),
                    hypertable.isPresent() ? TableType.HYPERTABLE : type(session, table, timescale),
                    session.first(COMMENT, row -> Optional.ofNullable(row.getString(1)), table.oid())
                            .flatMap(comment -> comment)
                            .orElse(null),
                    columns,
                    session.list(PRIMARY_KEY, row -> row.getString(1), table.oid()),
                    session.list(
                            INDEXES,
                            row -> new Index(row.getString(1), row.getString(2), row.getBoolean(3)),
                            table.oid()),
                    hypertable.orElse(null));
        });
    }

    private static Optional<Hypertable> hypertable(Session session, Table table) throws SQLException {
        return session.first(
                DIMENSION,
                row -> new Hypertable(
                        row.getString(1),
                        row.getString(2),
                        row.getObject(3, Long.class),
                        row.getLong(4),
                        row.getBoolean(5)),
                table.schema(),
                table.name());
    }

    private static String type(Session session, Table table, boolean timescale) throws SQLException {
        boolean aggregate = timescale
                && table.kind() == 'v'
                && session.first(IS_CONTINUOUS_AGGREGATE, row -> true, table.schema(), table.name())
                        .isPresent();
        return aggregate ? TableType.CONTINUOUS_AGGREGATE : TableType.of(table.kind());
    }
}
