package io.qicore.mcp.timescale.internal.connect;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;

/**
 * The time that the statements of one call may take. The server's own timeout is a little shorter than the time until
 * the deadline of the call, so that the agent gets a typed error instead of a bare deadline. Thread-safe.
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

    /** Returns the {@code statement_timeout}: at least one millisecond, because 0 means no limit. */
    long statementMillis() {
        long remaining = remainingMillis();
        return Math.max(1, remaining - Math.min(LARGEST_MARGIN.toMillis(), remaining / 10));
    }

    /** Returns the {@code lock_timeout}: shorter, so that waiting for a lock is reported as such. */
    long lockMillis() {
        return Math.max(1, Math.min(LONGEST_LOCK_WAIT.toMillis(), statementMillis() * 3 / 4));
    }

    /** Returns the time of a statement outside a transaction, which only the client can end: at least one second. */
    int querySeconds() {
        return (int) Math.max(1, statementMillis() / 1000);
    }

    /** Returns the socket timeout, which is reached only if the network does not answer any more. */
    int socketMillis() {
        return (int) (remainingMillis() + SOCKET_GRACE.toMillis());
    }

    /**
     * Requires that there is time left.
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
