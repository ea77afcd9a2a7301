package io.qicore.mcp.timescale.internal.operations;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code get_top_queries}: lists the statements that take most time, from {@code pg_stat_statements}. */
public final class GetTopQueriesTool {

    private static final String SCHEMA = "SELECT format('%I', n.nspname) FROM pg_extension e"
            + " JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'";

    record Arguments(
            @Schema(
                    value = "What to sort by",
                    defaultValue = "total",
                    allowed = {"total", "mean", "calls", "reads"})
            String by,

            @Schema(value = "Largest number of statements", minimum = 1, maximum = 50, defaultValue = "10")
            int limit) {}

    record Query(
            @Schema("Without constants; hidden without the role pg_read_all_stats")
            String statement,

            @Schema("How often it ran") long calls,
            @Schema("Total time, in milliseconds") double totalMillis,
            @Schema("Mean time of a run, in milliseconds") double meanMillis,
            @Schema("Rows returned or changed") long rows,

            @Schema("Percent of blocks found in shared buffers")
            double hitPercent,

            @Schema("Blocks read from disk or the operating system")
            long blocksRead,

            @Schema("Blocks that did not fit into work_mem") long temporaryBlocksWritten) {}

    record Result(@Schema("The first took the most") List<Query> queries) {}

    private final Database database;

    private GetTopQueriesTool(Database database) {
        this.database = database;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database) {
        return MCPTool.builder("get_top_queries", Arguments.class, Result.class)
                .title("Get top queries")
                .description("Lists the statements that took the most time, from pg_stat_statements. See how one runs "
                        + "with explain_query.")
                .annotations(ToolAnnotations.readOnly())
                .handler(new GetTopQueriesTool(database)::top)
                .build();
    }

    private Result top(Arguments arguments, RequestContext context) {
        SchemaLimits.of(context.caller()).requireNone("get_top_queries");
        return database.observe(context, session -> {
            String schema = session.first(SCHEMA, row -> row.getString(1))
                    .orElseThrow(() -> new MCPToolError(
                            TimescaleErrorCode.EXTENSION_NOT_INSTALLED,
                            "This database has no extension pg_stat_statements. An administrator adds it to"
                                    + " shared_preload_libraries, restarts the server, and runs: CREATE EXTENSION"
                                    + " pg_stat_statements;",
                            Map.of("extension", "pg_stat_statements")));
            // A setting of the library, which exists if the library is loaded.
            if (session.first("SELECT 1 WHERE current_setting('pg_stat_statements.max', true) IS NULL", row -> true)
                    .isPresent()) {
                throw new MCPToolError(
                        TimescaleErrorCode.EXTENSION_NOT_INSTALLED,
                        "The library of extension pg_stat_statements is not loaded. An administrator adds it to"
                                + " shared_preload_libraries and restarts the server.",
                        Map.of("extension", "pg_stat_statements"));
            }
            return new Result(session.list(
                    sql(schema, arguments.by()),
                    row -> new Query(
                            // The server keeps the constants of utility statements, as in CREATE ROLE … PASSWORD.
                            Objects.requireNonNullElse(RedactedSql.sql(row.getString(1)), ""),
                            row.getLong(2),
                            row.getDouble(3),
                            row.getDouble(4),
                            row.getLong(5),
                            row.getDouble(6),
                            row.getLong(7),
                            row.getLong(8)),
                    arguments.limit()));
        });
    }

    /** Argument: the number of rows. All releases since PostgreSQL 13 have these columns. */
    static String sql(String schema, String by) {
        String order =
                switch (by) {
                    case "mean" -> "mean_exec_time";
                    case "calls" -> "calls";
                    case "reads" -> "shared_blks_read";
                    default -> "total_exec_time";
                };
        return "SELECT left(query, 2000), calls,"
                + " round(total_exec_time::numeric, 1), round(mean_exec_time::numeric, 3), rows,"
                + " round(100.0 * shared_blks_hit / greatest(shared_blks_hit + shared_blks_read, 1), 1),"
                + " shared_blks_read, temp_blks_written FROM " + schema + ".pg_stat_statements"
                + " WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
                + " ORDER BY " + order + " DESC LIMIT CAST(? AS integer)";
    }
}
