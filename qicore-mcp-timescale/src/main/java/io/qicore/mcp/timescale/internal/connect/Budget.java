package io.qicore.mcp.timescale.internal.connect;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;

/**
 * How long the statements of one call may take. The server's own timeout comes a little before the deadline of the
 * call, so that the agent reads a typed error of the database instead of a bare deadline. Thread-safe.
 */
final class Budget {

    private static final Duration LARGEST_MARGIN = Duration.ofMillis(500);
    private static final Duration LONGEST_LOCK_WAIT = Duration.ofSeconds(3);
    private static final Duration SOCKET_GRACE = Duration.ofSeconds(2);
    private static final long LONGEST_MILLIS = Duration.ofHours(24).toMillis();

    private final RequestContext context;

    Budget(RequestContext context) {
        this.context = context;
    }

    /** For {@code statement_timeout}; at least one millisecond, because 0 would mean no limit. */
    long statementMillis() {
        long remaining = remainingMillis();
        return Math.max(1, remaining - Math.min(LARGEST_MARGIN.toMillis(), remaining / 10));
    }

    /** For {@code lock_timeout}: shorter, so that a lock is reported as a lock. */
    long lockMillis() {
        return Math.max(1, Math.min(LONGEST_LOCK_WAIT.toMillis(), statementMillis() * 3 / 4));
    }

    /** For a statement that runs outside of a transaction, where only the client can end it; at least a second. */
    int querySeconds() {
        return (int) Math.max(1, statementMillis() / 1000);
    }

    /** For the socket: after the server's timeout and the deadline, only a dead network is left. */
    int socketMillis() {
        return (int) (remainingMillis() + SOCKET_GRACE.toMillis());
    }

    /**
     * Makes sure that there is time left.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#QUERY_TIMEOUT}
     */
    void check() {
        if (context.isCancelled() || context.remaining().isZero()) {
            throw new MCPToolError(
                    TimescaleErrorCode.QUERY_TIMEOUT,
                    "The call was cancelled or its deadline passed; nothing was changed.");
        }
    }

    private long remainingMillis() {
        return Math.min(LONGEST_MILLIS, context.remaining().toMillis());
    }
}
