package io.qicore.mcp.kafka.internal.lag;

/**
 * Whether a lag is above a threshold. It has risen when it is above the threshold and has fallen when it is at four fifths
 * of it, so that a lag that hovers around the threshold is not told again and again. For use by one thread.
 */
final class LagAlarm {

    private static final int HYSTERESIS = 5;

    private final long threshold;
    private boolean judged;
    private boolean above;

    LagAlarm(long threshold) {
        this.threshold = threshold;
    }

    /** Whether a lag has ever been judged: the first is what later ones are compared with. */
    boolean judged() {
        return judged;
    }

    /**
     * Judges the lag of now.
     *
     * @param complete whether that is all of it; a part can show that the lag has risen, not that it has fallen
     * @return whether it has crossed the threshold since the last time
     */
    boolean judge(long lag, boolean complete) {
        boolean now = lag > threshold || above && lag > threshold - threshold / HYSTERESIS;
        if (!now && !complete) {
            return false;
        }
        boolean crossed = judged && now != above;
        judged = true;
        above = now;
        return crossed;
    }
}
