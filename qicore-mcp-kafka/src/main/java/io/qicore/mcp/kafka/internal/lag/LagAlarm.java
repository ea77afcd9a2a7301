package io.qicore.mcp.kafka.internal.lag;

/**
 * Detects when a lag crosses a threshold. It rises when it exceeds the threshold, and falls when it is down to four
 * fifths of the threshold, so that a lag that hovers around the threshold does not raise the alarm again and again. For
 * use by one thread.
 */
final class LagAlarm {

    private static final int HYSTERESIS_DIVISOR = 5;

    private final long threshold;
    private boolean judged;
    private boolean above;

    LagAlarm(long threshold) {
        this.threshold = threshold;
    }

    /** Returns whether a first lag has been judged. Later ones are compared with it. */
    boolean judged() {
        return judged;
    }

    /**
     * Judges a new measurement.
     *
     * @param complete whether the whole lag was measured. A part can show that the lag has risen, but not that it has
     *     fallen
     * @return whether the lag has crossed the threshold since the last measurement
     */
    boolean judge(long lag, boolean complete) {
        boolean now = lag > threshold || above && lag > threshold - threshold / HYSTERESIS_DIVISOR;
        if (!now && !complete) {
            return false;
        }
        boolean crossed = judged && now != above;
        judged = true;
        above = now;
        return crossed;
    }
}
