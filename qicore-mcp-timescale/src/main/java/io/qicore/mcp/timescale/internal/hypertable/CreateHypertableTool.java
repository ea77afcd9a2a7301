package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.Catalog;
import io.qicore.mcp.timescale.internal.catalog.Table;
import io.qicore.mcp.timescale.internal.catalog.TableColumn;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.catalog.TimescaleFeature;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.timescale.internal.role.Privileges;
import io.qicore.mcp.timescale.internal.sql.Intervals;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code create_hypertable}: turns a table into one that is partitioned by time. */
public final class CreateHypertableTool {

    private static final String EXISTS = "SELECT 1 FROM timescaledb_information.hypertables"
            + " WHERE hypertable_schema = ? AND hypertable_name = ?";

    private static final String DATES_AND_TIMES = "D";

    record Arguments(
            @Schema("Existing table, as name or schema.name")
            String table,

            @Schema("Of type timestamptz, timestamp or date")
            String timeColumn,

            @Schema(value = "Time span of a chunk, whose indexes should fit in memory", defaultValue = "7 days")
            String chunkInterval,

            @Schema(value = "Accept an existing hypertable", defaultValue = "false")
            boolean ifNotExists,

            @Schema(value = "Move existing rows, which locks the table", defaultValue = "false")
            boolean migrateData) {}

    record Result(
            @Schema("True unless the call failed") boolean success,
            @Schema("Schema of the table") String schema,
            @Schema("Name of the table") String table,
            @Schema("Column by which it is partitioned") String timeColumn,

            @Schema("Whether this call made it a hypertable; false if it was one")
            boolean created) {}

    private final Database database;

    private CreateHypertableTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("create_hypertable", Arguments.class, Result.class)
                .title("Create hypertable")
                .description("Turns a table into a hypertable, partitioned into chunks by time. Unique "
                        + "indexes must include the time column.")
                .annotations(ToolAnnotations.additive())
                .handler(new CreateHypertableTool(database)::create)
                .build();
    }

    private Result create(Arguments arguments, RequestContext context) {
        Duration chunkInterval = Intervals.parse(arguments.chunkInterval(), "chunkInterval");
        return database.write(context, session -> {
            TimescaleExtension timescale =
                    TimescaleExtension.require(session, "'" + arguments.table() + "' works as an ordinary table, too.");
            timescale.require(TimescaleFeature.HYPERTABLES);
            Catalog catalog = new Catalog(session);
            Table table = catalog.table(arguments.table());
            catalog.lock(table.schema(), table.name());
            if (session.first(EXISTS, row -> true, table.schema(), table.name()).isPresent()) {
                if (arguments.ifNotExists()) {
                    return result(table, arguments.timeColumn(), false);
                }
                throw new MCPToolError(
                        TimescaleErrorCode.HYPERTABLE_EXISTS,
                        "'" + table.fullName() + "' is already a hypertable. Call describe_table to see how it is"
                                + " partitioned, or pass ifNotExists.",
                        Map.of("table", table.fullName()));
            }
            TableColumn time = timeColumn(table, catalog.columns(table), arguments.timeColumn());
            requireReady(session, table, arguments.migrateData());
            run(session, timescale, table, time, chunkInterval, arguments.migrateData());
            return result(table, time.name(), true);
        });
    }

    /** Refuses tables that TimescaleDB would refuse with a less clear message. */
    private static void requireReady(Session session, Table table, boolean migrateData) throws SQLException {
        if (table.kind() != 'r') {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'" + table.fullName()
                            + "' is not an ordinary table, and only an ordinary table can become a hypertable.",
                    Map.of("table", table.fullName()));
        }
        new Privileges(session).requireOwner(table);
        if (!migrateData
                && session.first("SELECT 1 FROM " + table.sqlName() + " LIMIT 1", row -> true)
                        .isPresent()) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'" + table.fullName()
                            + "' has rows. Pass migrateData: true to move them into chunks, which locks the"
                            + " table meanwhile.",
                    Map.of("table", table.fullName()));
        }
    }

    private static void run(
            Session session,
            TimescaleExtension timescale,
            Table table,
            TableColumn time,
            Duration chunkInterval,
            boolean migrateData)
            throws SQLException {
        session.list(
                sql(timescale), row -> true, table.sqlName(), time.name(), Intervals.toSql(chunkInterval), migrateData);
    }

    /** Arguments: the quoted table, the column, the interval and whether to migrate rows. */
    static String sql(TimescaleExtension timescale) {
        String create = "SELECT 1 FROM " + timescale.function("create_hypertable") + "(CAST(? AS regclass), ";
        String dimension = timescale.isAtLeast(2, 13)
                ? timescale.function("by_range") + "(CAST(? AS name), CAST(? AS interval))"
                : "CAST(? AS name), chunk_time_interval => CAST(? AS interval)";
        return create + dimension + ", migrate_data => CAST(? AS boolean))";
    }

    private static TableColumn timeColumn(Table table, List<TableColumn> columns, String name) {
        TableColumn column = columns.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Catalog.columnNotFound(table, name, columns));
        if (!column.category().equals(DATES_AND_TIMES) || column.type().startsWith("time ")) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Column '" + name + "' is of type " + column.type()
                            + "; a hypertable is partitioned here by timestamptz, timestamp or date.",
                    Map.of("column", name, "type", column.type()));
        }
        return column;
    }

    private static Result result(Table table, String timeColumn, boolean created) {
        return new Result(true, table.schema(), table.name(), timeColumn, created);
    }
}
