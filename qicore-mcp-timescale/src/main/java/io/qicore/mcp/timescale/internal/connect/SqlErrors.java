package io.qicore.mcp.timescale.internal.connect;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.ErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Maps failures of the database to {@link MCPToolError}s, by SQLSTATE. The agent gets the server's primary message,
 * hint and position. It does not get the DETAIL, which quotes rows, or a message of the driver, which may quote the
 * address.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL Error Codes</a>
 */
public final class SqlErrors {

    private SqlErrors() {}

    /** Returns whether a failure points into the text of the statement. */
    public static boolean hasPosition(SQLException failure) {
        ServerErrorMessage server = serverMessage(failure);
        return server != null && server.getPosition() > 0;
    }

    /** Returns the error of a statement of this server, without a position, since the agent does not know the text. */
    public static MCPToolError toToolError(SQLException failure) {
        return toToolError(failure, "run", null);
    }

    /**
     * Returns the error of a statement of the agent.
     *
     * @param stage what was being done: {@code prepare} or {@code run}
     * @param position from the server's text to the agent's, or null to leave it out
     */
    public static MCPToolError toToolError(SQLException failure, String stage, @Nullable IntUnaryOperator position) {
        String state = state(failure);
        ServerErrorMessage server = serverMessage(failure);
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("sqlState", state);
        context.put("stage", stage);
        if (server != null && server.getHint() != null) {
            context.put("hint", server.getHint());
        }
        if (server != null && server.getPosition() > 0 && position != null) {
            int original = position.applyAsInt(server.getPosition());
            if (original > 0) {
                context.put("position", original);
            }
        }
        return new MCPToolError(code(state, server), message(state, server), context, failure);
    }

    /**
     * Returns an error without the names of objects that its caller may not see. PostgreSQL names the object behind a view that may
     * not be read.
     */
    static MCPToolError shown(MCPToolError error, RequestContext context) {
        boolean names = "42501".equals(error.context().get("sqlState"))
                && !SchemaLimits.of(context.caller()).isEmpty();
        return names
                ? new MCPToolError(
                        StandardErrorCode.NOT_AUTHORIZED,
                        "The database refuses: permission denied for an object behind the one that was named."
                                + " Somebody has to grant it to this server's database user.",
                        Map.of("sqlState", "42501"),
                        error)
                : error;
    }

    /** Returns the error of a failed connection attempt. */
    public static MCPToolError toConnectError(SQLException failure) {
        String state = rootState(failure);
        Map<String, Object> context = Map.of("sqlState", state, "stage", "connect");
        if (state.startsWith("28")) {
            return new MCPToolError(
                    StandardErrorCode.NOT_AUTHORIZED,
                    "The database refused this server's user or password. Somebody has to correct the server's settings.",
                    context,
                    failure);
        }
        String why =
                switch (state) {
                    case "3D000" -> "it does not exist on the server that answers";
                    case "53300" -> "it takes no more connections";
                    case "57P03" -> "it is starting or shutting down";
                    default ->
                        state.startsWith("08")
                                ? "it cannot be reached"
                                : "no connection became free or could be made in time";
                };
        return new MCPToolError(
                TimescaleErrorCode.DATABASE_UNAVAILABLE,
                "The database is not available: " + why + ". Nothing was changed; try again later.",
                context,
                failure);
    }

    /** Returns whether a failure means that the connection cannot be used any more. */
    static boolean isConnectionLost(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException e && isUnavailable(state(e), serverMessage(e))) {
                return true;
            }
        }
        return false;
    }

    /** An error that the server reports of a statement is not about this connection, but about one to another server. */
    private static boolean isUnavailable(String state, @Nullable ServerErrorMessage server) {
        return (state.startsWith("08") || state.startsWith("57P"))
                && (server == null || !"ERROR".equals(server.getSeverity()));
    }

    private static ErrorCode code(String state, @Nullable ServerErrorMessage server) {
        if (isUnavailable(state, server) || state.equals("53300")) {
            return TimescaleErrorCode.DATABASE_UNAVAILABLE;
        }
        return switch (state) {
            case "57014", "25P03", "25P04" -> TimescaleErrorCode.QUERY_TIMEOUT;
            case "55P03", "40001", "40P01", "55006" -> TimescaleErrorCode.LOCK_CONFLICT;
            case "25006" -> TimescaleErrorCode.STATEMENT_NOT_ALLOWED;
            case "42501" -> StandardErrorCode.NOT_AUTHORIZED;
            case "42P01" -> TimescaleErrorCode.TABLE_NOT_FOUND;
            case "42P07" -> TimescaleErrorCode.TABLE_EXISTS;
            case "42703" -> TimescaleErrorCode.COLUMN_NOT_FOUND;
            case "3F000" -> TimescaleErrorCode.SCHEMA_NOT_FOUND;
            case "TS110" -> TimescaleErrorCode.HYPERTABLE_EXISTS;
            case "54000", "53200", "53400" -> TimescaleErrorCode.RESULT_TOO_LARGE;
            default ->
                server != null && isCallersFault(state)
                        ? TimescaleErrorCode.INVALID_SQL
                        : StandardErrorCode.EXTERNAL_SERVICE_ERROR;
        };
    }

    /** Returns the error for faults of the statement itself, and for refusals of TimescaleDB. */
    private static boolean isCallersFault(String state) {
        return switch (state.substring(0, 2)) {
            case "0A", "20", "21", "22", "23", "2F", "34", "38", "39", "42", "44", "54", "55", "P0", "TS" -> true;
            default -> false;
        };
    }

    private static String message(String state, @Nullable ServerErrorMessage server) {
        if (isUnavailable(state, server)) {
            return "The connection to the database was lost. The effect of a change in progress is unknown; reads can be"
                    + " repeated.";
        }
        String primary = server == null || server.getMessage() == null
                ? "The database failed (SQLSTATE " + state + ")"
                : "The database refuses: " + server.getMessage();
        String wayOut =
                switch (state) {
                    case "57014" ->
                        " It took longer than this call may. Narrow its time range, aggregate, or lower the"
                                + " number of rows.";
                    case "55P03", "40001", "40P01", "55006" -> " Another session is in the way; try again.";
                    case "25006" -> " This tool only reads, in a transaction that is always rolled back.";
                    case "42501" -> " Somebody has to grant it to this server's database user.";
                    default -> "";
                };
        return (primary.endsWith(".") ? primary : primary + ".") + wayOut;
    }

    private static @Nullable ServerErrorMessage serverMessage(SQLException failure) {
        return failure instanceof PSQLException e ? e.getServerErrorMessage() : null;
    }

    /** Returns the reason of the last failed attempt, which a pool reports as the cause of its own timeout. */
    private static String rootState(SQLException failure) {
        String state = "";
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException e && e.getSQLState() != null) {
                state = e.getSQLState();
            }
        }
        return state.length() == 5 ? state : "00000";
    }

    private static String state(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || state.length() != 5 ? "00000" : state;
    }
}
