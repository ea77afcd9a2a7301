package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.lag.BurrowRules.Commit;
import io.qicore.mcp.kafka.internal.lag.LagSample.Point;
import io.qicore.mcp.tool.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a group since a sample. Rates are records per second. */
record Trend(
        double seconds,

        double consumeRate,

        double produceRate,

        @Schema("Until the lag is gone") @Nullable Long drainSeconds,

        @Schema("Burrow's, of the worst partition: WARN lag never shrinks, STOP no commits, STALL same offset,"
                + " REWIND went back")
        BurrowStatus verdict) {

    /** A lag up to this is no reason to worry. */
    private static final long ALLOWED_LAG = 0;

    /**
     * The trend of some series together, from a sample whose last moment is now.
     *
     * @param hashes the series
     * @param running whether the group has members. Brokers do not tell when an offset was committed, so one that does
     *     not change is taken to be committed again while there are members, and not to be without
     * @return null if there are not two moments to compare
     */
    static @Nullable Trend of(LagSample sample, Collection<Integer> hashes, boolean running) {
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

    private static double rate(long records, double seconds) {
        return Math.round(records / seconds * 100) / 100.0;
    }
}
