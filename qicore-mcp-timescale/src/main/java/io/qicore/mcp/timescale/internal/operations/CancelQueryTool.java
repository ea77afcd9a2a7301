package io.qicore.mcp.timescale.internal.operations;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.change.Confirmation;
import io.qicore.mcp.timescale.internal.change.PlanHash;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code cancel_query}: ends the statement of another session, and neither the session nor its transaction. */
public final class CancelQueryTool {

    /**
     * A superuser's statement can be cancelled by superusers only, whatever roles one has. What a session is and does is
     * NULL for those who may not see it.
     */
    private static final String VICTIM = "SELECT a.pid, a.usename::text, a.application_name, a.query,"
            + " coalesce(CAST(extract(epoch FROM clock_timestamp() - a.query_start) AS bigint), 0),"
            + " coalesce(a.query_start::text, ''), (r.rolsuper AND NOT me.rolsuper)"
            + " OR NOT (pg_has_role(a.usesysid, 'MEMBER') OR pg_has_role('pg_signal_backend', 'MEMBER'))"
            + " FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid"
            + " JOIN pg_roles me ON me.rolname = current_user WHERE a.pid = ? AND coalesce(a.backend_type, 'client backend') = 'client backend'"
            + " AND a.pid <> pg_backend_pid() AND coalesce(a.state, 'active') = 'active'";

    record Arguments(int pid, @Nullable String planHash) {}

    record Result(
            boolean success,
            int pid,

            @Schema("Whether it was told to end its statement")
            boolean cancelled,

            @Nullable String user,
            @Nullable String application,
            @Schema("Running for") long seconds,

            @Schema("Without constants") @Nullable String statement,

            @Schema("Confirms") @Nullable String planHash) {}

    private record Victim(
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

    /** The tool for one database. */
    public static MCPTool tool(Database database, Confirmation confirmation) {
        return MCPTool.builder("cancel_query", Arguments.class, Result.class)
                .title("Cancel query")
                .description("Ends the statement that another session runs.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler(new CancelQueryTool(database, confirmation)::cancel)
                .build();
    }

    private ToolResult cancel(Arguments arguments, RequestContext context) {
        return database.write(context, session -> {
            Victim victim = find(session, arguments.pid());
            // The start of the statement: a session that runs another one by now is not meant.
            String hash = PlanHash.of("cancel_query", arguments.pid(), victim.start());
            return switch (confirmation.on(hash, arguments.planHash(), context)) {
                case ASK ->
                    ToolResult.inputRequired(confirmation.question(
                            "Cancel what session " + arguments.pid() + " of user " + victim.user() + " has run for "
                                    + victim.seconds() + " s? " + victim.statement(),
                            hash));
                case SHOW_PLAN -> result(arguments.pid(), false, victim, hash);
                case PROCEED -> {
                    boolean cancelled = session.list(
                                    "SELECT pg_cancel_backend(?)", row -> row.getBoolean(1), arguments.pid())
                            .get(0);
                    yield result(arguments.pid(), cancelled, victim, null);
                }
            };
        });
    }

    private static Victim find(Session session, int pid) throws SQLException {
        Victim victim = session.first(
                        VICTIM,
                        row -> new Victim(
                                row.getString(2),
                                row.getString(3),
                                RedactedSql.sql(row.getString(4)),
                                row.getLong(5),
                                row.getString(6),
                                row.getBoolean(7)),
                        pid)
                .orElseThrow(() -> new MCPToolError(
                        TimescaleErrorCode.QUERY_NOT_FOUND,
                        "No session " + pid + " runs a statement now. Call get_health for those that do.",
                        Map.of("pid", pid)));
        if (victim.forbidden()) {
            throw new MCPToolError(
                    StandardErrorCode.NOT_AUTHORIZED,
                    "Session " + pid + " belongs to '" + victim.user() + "', and this server's database user may not"
                            + " cancel it. An administrator allows it with: GRANT pg_signal_backend TO its user; that of a"
                            + " superuser, superusers only may cancel.",
                    Map.of("pid", pid));
        }
        return victim;
    }

    private static ToolResult result(int pid, boolean cancelled, Victim victim, @Nullable String hash) {
        return ToolResult.of(new Result(
                true, pid, cancelled, victim.user(), victim.application(), victim.seconds(), victim.statement(), hash));
    }
}
