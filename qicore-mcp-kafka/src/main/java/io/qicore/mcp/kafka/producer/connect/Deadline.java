package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.server.ServerSettings;
import java.time.Duration;

/** The end of a call's time. Immutable. */
record Deadline(long nanos) {

    /** Returns the end of a time that begins now; longer ones than a day overflow. */
    static Deadline in(Duration timeout) {
        Duration bounded = timeout.isNegative() ? Duration.ZERO : timeout;
        bounded = bounded.compareTo(ServerSettings.MAX_TIMEOUT) > 0 ? ServerSettings.MAX_TIMEOUT : bounded;
        return new Deadline(System.nanoTime() + bounded.toNanos());
    }

    /** Returns the time that is left; zero if it is over. */
    Duration left() {
        return Duration.ofNanos(Math.max(nanos - System.nanoTime(), 0));
    }

    boolean isOver() {
        return nanos - System.nanoTime() <= 0;
    }

    /** Waits for a moment, or until the time is over. Returns false if it is over. */
    boolean pause(Duration moment) throws InterruptedException {
        Duration left = left();
        if (left.isZero()) {
            return false;
        }
        Thread.sleep(Math.max(Math.min(moment.toMillis(), left.toMillis()), 1));
        return true;
    }
}
