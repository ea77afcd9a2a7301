package io.qicore.mcp.server;

import java.time.Duration;

/** The time that is left of a timeout which several steps share. Immutable. */
final class Countdown {

    private final long end;

    /** Starts with the whole timeout. */
    Countdown(Duration timeout) {
        this.end = System.nanoTime() + timeout.toNanos();
    }

    /** Returns the time that is left, zero when the timeout has passed. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
}
