package io.qicore.mcp.kafka.internal.admin;

import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;

/** How long a handler may wait for others. */
public final class CallTime {

    private static final Duration MARGIN = Duration.ofMillis(500);
    // A context without a deadline may say "forever", which does not fit into nanoseconds.
    private static final Duration LONGEST = Duration.ofDays(1);

    private CallTime() {}

    /** The time left to wait, so that some is left to answer: a typed error is worth more than a missed deadline. */
    public static Duration toWait(RequestContext context) {
        Duration remaining = context.remaining();
        if (remaining.compareTo(LONGEST) > 0) {
            return LONGEST;
        }
        Duration quarter = remaining.dividedBy(4);
        return remaining.minus(quarter.compareTo(MARGIN) < 0 ? quarter : MARGIN);
    }
}
