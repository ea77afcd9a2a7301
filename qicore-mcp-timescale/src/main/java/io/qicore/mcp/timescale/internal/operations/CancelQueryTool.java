package io.qicore.mcp.timescale.internal.operations;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.SchemaLimits;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.Confirmation;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code cancel_query}: cancels the statement of another session, but ends neither the session nor its transaction. */
public final class CancelQueryTool {

    private static final String NAME = "cancel_query";

    /**
     * Only a superuser can cancel the statement of a superuser, whatever roles the user has. The columns that
     * describe a session are NULL for a user who may not see it.
     */
    private static final String TARGET = "SELECT a.pid, a.usename::text, a.application_name, a.query,"
            + " coalesce(CAST(extract(epoch FROM clock_timestamp() - a.query_start) AS bigint), 0),"
            + " coalesce(a.query_start::text, ''), (r.rolsuper AND NOT me.rolsuper)"
            + " OR NOT (pg_has_role(a.usesysid, 'MEMBER') OR pg_has_role('pg_signal_backend', 'MEMBER'))"
            + " FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid"
            + " JOIN pg_roles me ON me.rolname = current_user WHERE a.pid = ? AND coalesce(a.backend_type, 'client backend') = 'client backend'"
            + " AND a.pid <> pg_backend_pid() AND coalesce(a.state, 'active') = 'active'";

    record Arguments(
            @Schema("Process id of the session, from get_health")
            int pid,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Result(
            @Schema("True unless the call failed") boolean success,
            @Schema("Process id of the session") int pid,

            @Schema("Whether the session was told to end its statement")
            boolean cancelled,

            @Schema("User of the session") @Nullable String user,

            @Schema("Application name of the session") @Nullable
            String application,

            @Schema("How long the statement has run, in seconds")
            long seconds,

            @Schema("The statement, without constants") @Nullable
            String statement,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema("How to cancel the statement; absent if it was cancelled") @Nullable
            String next) {}

    private record Target(
            @Nullable String user,
            @Nullable String application,
            @Nullable String statement,
            long seconds,
            String start,
            boolean forbidden) {}

    private final Database database;
    private final Confirmation confirmation;

    private CancelQueryTool(Database database, Confirmation confirmation) {
        this.database = database;
        this.confirmation = confirmation;
    }

    /** Returns the tool for a database. */
    public static MCPTool tool(Database database, Confirmation confirmation) {
        return MCPTool.builder(NAME, Arguments.class, Result.class)
                .title("Cancel query")
                .description("Cancels the statement that another session is running; its session stays. Find its pid"
                        + " with get_health.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler(new CancelQueryTool(database, confirmation)::cancel)
                .build();
    }

    private ToolResult cancel(Arguments arguments, RequestContext context) {
        SchemaLimits.of(context.caller()).requireNone(NAME);
        Database.Work<ToolResult> work = session -> {
            Cancellation cancellation = new Cancellation(session, arguments.pid(), find(session, arguments.pid()));
            return confirmation.run(cancellation, arguments.dryRun(), arguments.planHash(), context);
        };
        return arguments.dryRun() ? database.observe(context, work) : database.write(context, work);
    }

    private record Cancellation(Session session, int pid, Target target)
            implements PlannedChange<Result, SQLException> {

        @Override
        public String hash() {
            // Includes the start of the statement, so that a later statement of the session is not cancelled.
            return PlanHash.of(NAME, pid, target.start());
        }

        @Override
        public String question() {
            return "Cancel the statement that session " + pid + " of user " + target.user() + " has run for "
                    + target.seconds() + " s? " + target.statement();
        }

        @Override
        public Result preview(String planHash, String next) {
            return result(false, planHash, next);
        }

        @Override
        public Result apply() throws SQLException {
            boolean cancelled = session.list("SELECT pg_cancel_backend(?)", row -> row.getBoolean(1), pid)
                    .get(0);
            return result(cancelled, null, null);
        }

        private Result result(boolean cancelled, @Nullable String planHash, @Nullable String next) {
            return new Result(
                    true,
                    pid,
                    cancelled,
                    target.user(),
                    target.application(),
                    target.seconds(),
                    target.statement(),
                    planHash,
                    next);
        }
    }

    private static Target find(Session session, int pid) throws SQLException {
        Target target = session.first(
                        TARGET,
                        row -> new Target(
                                row.getString(2),
                                row.getString(3),
                                RedactedSql.sql(row.getString(4)),
                                row.getLong(5),
                                row.getString(6),
                                row.getBoolean(7)),
                        pid)
                .orElseThrow(() -> new MCPToolError(
                        TimescaleErrorCode.QUERY_NOT_FOUND,
                        "Session " + pid + " is not running a statement. Call get_health to see the sessions that are.",
                        Map.of("pid", pid)));
        if (target.forbidden()) {
            throw new MCPToolError(
                    StandardErrorCode.NOT_AUTHORIZED,
                    "Session " + pid + " belongs to '" + target.user() + "', and this server's database user may not"
                            + " cancel its statement. An administrator can allow it with GRANT pg_signal_backend TO the"
                            + " server's user; only a superuser can cancel the statement of a superuser.",
                    Map.of("pid", pid));
        }
        return target;
    }
}
