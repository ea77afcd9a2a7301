package io.qicore.mcp.internal.concurrent;

import java.time.Duration;
import java.util.Objects;

/** Checks the limits of the timeouts that an application can set. */
public final class Timeouts {

    /** The longest timeout. */
    public static final Duration MAX = Duration.ofHours(24);

    private Timeouts() {}

    /**
     * Returns the given timeout after checking it.
     *
     * @param what name of the timeout, for the message
     * @throws IllegalArgumentException if it is not positive or longer than {@link #MAX}
     */
    public static Duration checked(String what, Duration timeout) {
        Objects.requireNonNull(timeout, what);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(what + " must be positive, not " + timeout + ".");
        }
        if (timeout.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    what + " must be at most " + MAX.toHours() + " hours, not " + timeout + ".");
        }
        return timeout;
    }

    /** Returns the time that a wait takes at most: the given one, but at least zero and at most {@link #MAX}. */
    public static Duration bounded(Duration timeout) {
        if (timeout.isNegative()) {
            return Duration.ZERO;
        }
        return timeout.compareTo(MAX) > 0 ? MAX : timeout;
    }
}
