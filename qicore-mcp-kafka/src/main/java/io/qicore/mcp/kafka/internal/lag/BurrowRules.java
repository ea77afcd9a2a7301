package io.qicore.mcp.kafka.internal.lag;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which LinkedIn's Burrow judges one partition of a group, by a window of commits instead of a threshold.
 *
 * @see <a href="https://github.com/linkedin/Burrow/wiki/Consumer-Lag-Evaluation-Rules">Burrow, Consumer Lag Evaluation
 *     Rules</a>
 */
final class BurrowRules {

    /**
     * One commit.
     *
     * @param timeMs when, in milliseconds
     * @param lag the lag then; null if unknown
     */
    record Commit(long offset, long timeMs, @Nullable Long lag) {}

    private BurrowRules() {}

    /**
     * Judges a partition.
     *
     * @param window commits, oldest first
     * @param ends recent ends of the partition
     * @param lag the lag now
     * @param nowMs now, in milliseconds
     * @param allowedLag a lag up to this is always {@link BurrowStatus#OK}
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
