package io.qicore.mcp.kafka.internal.lag;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of LinkedIn's Burrow, which judge a group on one partition by a window of commits instead of a threshold.
 *
 * @see <a href="https://github.com/linkedin/Burrow/wiki/Consumer-Lag-Evaluation-Rules">Burrow, Consumer Lag Evaluation
 *     Rules</a>
 */
final class BurrowRules {

    /**
     * One commit of an offset.
     *
     * @param offset the committed offset
     * @param timeMs the time of the commit, in milliseconds
     * @param lag the lag at that time; null if unknown
     */
    record Commit(long offset, long timeMs, @Nullable Long lag) {}

    private BurrowRules() {}

    /**
     * Returns the status of a group on one partition.
     *
     * @param window the last commits, oldest first
     * @param ends recent end offsets of the partition
     * @param lag the present lag
     * @param nowMs the present time, in milliseconds
     * @param allowedLag the largest lag that is always {@link BurrowStatus#OK}
     */
    static BurrowStatus judge(List<Commit> window, List<Long> ends, long lag, long nowMs, long allowedLag) {
        if (window.isEmpty() || lag <= allowedLag) {
            return BurrowStatus.OK;
        }
        Commit first = window.get(0);
        Commit last = window.get(window.size() - 1);
        boolean silent = nowMs - last.timeMs() > last.timeMs() - first.timeMs();
        boolean caughtUp = ends.stream().anyMatch(end -> end <= last.offset());
        if (silent && !caughtUp) {
            return BurrowStatus.STOP;
        }
        if (rewound(window)) {
            return BurrowStatus.REWIND;
        }
        boolean alwaysBehind = window.stream().allMatch(commit -> commit.lag() == null || commit.lag() > allowedLag);
        if (alwaysBehind) {
            if (window.stream().allMatch(commit -> commit.offset() == first.offset())) {
                return BurrowStatus.STALL;
            }
            if (neverShrank(window)) {
                return BurrowStatus.WARN;
            }
        }
        return BurrowStatus.OK;
    }

    private static boolean rewound(List<Commit> window) {
        for (int i = 1; i < window.size(); i++) {
            long before = window.get(i - 1).offset();
            if (window.get(i).offset() < before) {
                return window.subList(i, window.size()).stream().noneMatch(commit -> commit.offset() >= before);
            }
        }
        return false;
    }

    private static boolean neverShrank(List<Commit> window) {
        Long before = null;
        for (Commit commit : window) {
            if (commit.lag() == null) {
                continue;
            }
            if (before != null && commit.lag() < before) {
                return false;
            }
            before = commit.lag();
        }
        return true;
    }
}
