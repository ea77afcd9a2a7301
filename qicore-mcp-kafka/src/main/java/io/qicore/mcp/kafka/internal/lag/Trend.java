package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.lag.BurrowRules.Commit;
import io.qicore.mcp.kafka.internal.lag.LagSample.Point;
import io.qicore.mcp.tool.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The change of a group's lag since a sample. Rates are in offsets per second, of which a few may hold no record. */
public record Trend(
        @Schema("Time between the sample and this measurement, in seconds")
        double seconds,

        @Schema("Offsets per second that the group consumed")
        double consumeRate,

        @Schema("Offsets per second that producers wrote") double produceRate,

        @Schema("Seconds until the lag is gone at these rates; left out if it does not shrink") @Nullable
        Long drainSeconds,

        @Schema("Burrow's status of the worst partition. OK: keeps up or catches up. WARN: the lag never shrinks."
                + " STOP: no more commits. STALL: commits the same offset. REWIND: the offset went backward")
        BurrowStatus verdict) {

    /** The largest lag that is always {@link BurrowStatus#OK}. */
    private static final long ALLOWED_LAG = 0;

    /**
     * Returns the trend of several series together, from a sample whose last moment is the present.
     *
     * @param hashes the hashes of the series
     * @param running whether the group has members. Brokers do not report when an offset was committed. Therefore an
     *     unchanged offset counts as committed again if the group has members, and as not committed otherwise
     * @return null if there are no two moments to compare
     */
    public static @Nullable Trend of(LagSample sample, Collection<Integer> hashes, boolean running) {
        int now = sample.timesMs().size() - 1;
        if (now < 1) {
            return null;
        }
        long consumed = 0;
        long produced = 0;
        long lag = 0;
        boolean compared = false;
        BurrowStatus verdict = BurrowStatus.OK;
        for (int hash : hashes) {
            List<Point> points = sample.points(hash);
            Point before = points.get(now - 1);
            Point after = points.get(now);
            if (after.known()) {
                lag += after.lag();
                BurrowStatus of = verdict(sample.timesMs(), points, running);
                verdict = of.compareTo(verdict) > 0 ? of : verdict;
                if (before.known()) {
                    compared = true;
                    consumed += Math.max(0, after.committed() - before.committed());
                    produced += Math.max(0, end(after) - end(before));
                }
            }
        }
        double seconds = (sample.timesMs().get(now) - sample.timesMs().get(now - 1)) / 1000.0;
        if (!compared || seconds <= 0) {
            return null;
        }
        double gain = (consumed - produced) / seconds;
        Long drain = lag > 0 && gain > 0 ? (long) Math.ceil(lag / gain) : null;
        return new Trend(seconds, rate(consumed, seconds), rate(produced, seconds), drain, verdict);
    }

    private static BurrowStatus verdict(List<Long> times, List<Point> points, boolean running) {
        List<Commit> window = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            if (!point.known()) {
                continue;
            }
            ends.add(end(point));
            boolean repeated =
                    !window.isEmpty() && window.get(window.size() - 1).offset() == point.committed();
            if (running || !repeated) {
                window.add(new Commit(point.committed(), times.get(i), point.lag()));
            }
        }
        Point last = points.get(points.size() - 1);
        return BurrowRules.judge(window, ends, last.lag(), times.get(times.size() - 1), ALLOWED_LAG);
    }

    private static long end(Point point) {
        return point.committed() + point.lag();
    }

    private static double rate(long offsets, double seconds) {
        return Math.round(offsets / seconds * 100) / 100.0;
    }
}
