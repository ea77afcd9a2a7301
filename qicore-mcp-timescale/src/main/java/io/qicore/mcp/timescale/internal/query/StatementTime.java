package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.access.TimescaleOptions;
import io.qicore.mcp.timescale.internal.connect.Database;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolResult;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * How long the statements of a tool may take. A statement that may take longer than a usual call uses other connections
 * and continues as a task, and only a few of them run at once. Thread-safe.
 */
public final class StatementTime {

    /** How much longer the call of a long statement may take, so that the database reports its timeout first. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** The work of a call. */
    @FunctionalInterface
    interface Work {
        /** Runs the statement on a database, within the time of the context. */
        ToolResult run(Database database, RequestContext context);
    }

    private final Database forLong;
    private final Semaphore places;
    private final Duration usual;
    private final Duration most;

    private StatementTime(Database forLong, Semaphore places, Duration usual, Duration most) {
        this.forLong = forLong;
        this.places = places;
        this.usual = usual;
        this.most = most;
    }

    /**
     * Returns the time of a tool. A timeout of the tool in the settings of the server is usual and longest at once.
     *
     * @param forLong the database with connections for long statements
     * @param places how many long statements may run at once
     */
    public static StatementTime of(String tool, Database forLong, Semaphore places, TimescaleOptions options) {
        ServerSettings server = options.server();
        Duration own = server.toolTimeouts().get(tool);
        Duration usual = own == null ? server.callTimeout() : own;
        boolean longer = own == null && options.maxTimeout().compareTo(usual) > 0;
        return new StatementTime(forLong, places, usual, longer ? options.maxTimeout() : usual);
    }

    /**
     * Runs a statement.
     *
     * @param timeoutMs how long it may take, or null for as long as a usual call
     * @throws MCPToolError if this is longer than allowed
     */
    ToolResult run(Database database, RequestContext context, @Nullable Integer timeoutMs, Work work) {
        Duration timeout = timeoutMs == null ? usual : Duration.ofMillis(timeoutMs);
        if (timeout.compareTo(most) > 0) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'timeoutMs' may be at most " + most.toMillis() + " here, not " + timeoutMs + ".",
                    Map.of("argument", "timeoutMs", "maximum", most.toMillis()));
        }
        return timeout.compareTo(usual) <= 0
                ? work.run(database, context.withTimeout(timeout))
                : ToolResult.task(task -> runLong(task.withTimeout(timeout), work), timeout.plus(GRACE));
    }

    private ToolResult runLong(RequestContext context, Work work) {
        if (!places.tryAcquire()) {
            throw new MCPToolError(
                    TimescaleErrorCode.DATABASE_UNAVAILABLE,
                    "As many statements with a long 'timeoutMs' are running as may run at once. Try again later, or"
                            + " without it.",
                    Map.of("argument", "timeoutMs"));
        }
        try {
            return work.run(forLong, context);
        } finally {
            places.release();
        }
    }
}
