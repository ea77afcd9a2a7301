package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;

/** Computes how long the handler of a call may wait for other systems. */
public final class CallTime {

    private static final Duration MARGIN = Duration.ofMillis(500);
    // The time of a context without a deadline may be too long for a number of nanoseconds.
    private static final Duration LONGEST = Duration.ofDays(1);

    private CallTime() {}

    /**
     * Returns the time that the handler may wait. It ends before the deadline, so that the handler can still answer with a
     * typed error.
     */
    public static Duration toWait(RequestContext context) {
        Duration remaining = context.remaining();
        if (remaining.compareTo(LONGEST) > 0) {
            return LONGEST;
        }
        Duration quarter = remaining.dividedBy(4);
        return remaining.minus(quarter.compareTo(MARGIN) < 0 ? quarter : MARGIN);
    }
}
