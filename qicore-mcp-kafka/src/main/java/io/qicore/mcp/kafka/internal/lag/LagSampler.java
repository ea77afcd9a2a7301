package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.lag.LagSample.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes the sample of one call and computes the trend since the sample in its arguments. For use by one call. */
public final class LagSampler {

    private static final int MAX_SERIES = LagSample.MAX_POINTS;

    private final LagSampleCodec codec;
    private final String scope;
    private final @Nullable String earlierText;
    private final Consumer<String> warnings;
    private final long nowMs;

    /**
     * @param scope the topic and the group of the call
     * @param earlierText the sample in the arguments; null if there is none
     * @param warnings receives the reason if that sample cannot be used
     */
    public LagSampler(
            LagSampleCodec codec, String scope, @Nullable String earlierText, long nowMs, Consumer<String> warnings) {
        this.codec = codec;
        this.scope = scope;
        this.earlierText = earlierText;
        this.warnings = warnings;
        this.nowMs = nowMs;
    }

    /** Returns the hash of the series of a partition. */
    public static int series(PartitionLag row) {
        return LagSample.hash(row.id().topic(), row.id().partition());
    }

    /**
     * The outcome.
     *
     * @param groups the groups with their trends
     * @param sample the text of the new sample; null if nothing was known
     * @param compared the sample that the trends were computed from; null if nothing was known
     */
    public record Sampled(
            List<GroupLag> groups,
            @Nullable String sample,
            @Nullable LagSample compared) {}

    /**
     * Takes the sample of the groups, which must still contain their partitions.
     *
     * @param followed of how many partitions with the most lag the sample has a series of their own beside the sum, if it is of
     *     one group with too many partitions for all
     */
    public Sampled take(List<GroupLag> groups, int followed) {
        boolean single = groups.size() == 1 && groups.get(0).partitions().size() <= MAX_SERIES;
        Map<Integer, Point> all = new LinkedHashMap<>();
        List<List<Integer>> seriesOf = new ArrayList<>();
        for (GroupLag group : groups) {
            seriesOf.add(seriesOf.size() < MAX_SERIES ? addPoints(group, single, all) : List.of());
        }
        if (all.isEmpty()) {
            return new Sampled(groups, null, null);
        }
        if (groups.size() == 1 && !single) {
            groups.get(0).partitions().stream()
                    .sorted(PartitionLag.WORST_FIRST)
                    .limit(followed)
                    .forEach(row -> point(row).ifPresent(point -> all.put(series(row), point)));
        }
        LagSample now = LagSample.of(scope, nowMs, all);
        LagSample earlier = earlier(now);
        if (earlier == null) {
            return new Sampled(groups, codec.write(now), now);
        }
        LagSample joined = now.after(earlier);
        // If the new sample has no room for earlier moments, it is still compared with the last one.
        LagSample compared = joined.timesMs().size() > 1 ? joined : pair(earlier, now);
        List<GroupLag> withTrends = new ArrayList<>(groups.size());
        for (int i = 0; i < groups.size(); i++) {
            GroupLag group = groups.get(i);
            withTrends.add(group.withTrend(Trend.of(compared, seriesOf.get(i), running(group))));
        }
        return new Sampled(withTrends, codec.write(joined), compared);
    }

    private @Nullable LagSample earlier(LagSample now) {
        if (earlierText == null) {
            return null;
        }
        LagSample earlier = codec.read(earlierText).orElse(null);
        if (earlier == null) {
            warnings.accept(
                    "The sample was ignored because it is not one that this server signed. Replicas and restarted"
                            + " servers accept it if they have the same state key, such as KAFKA_MCP_STATE_KEY. Use the"
                            + " new sample from now on.");
            return null;
        }
        if (earlier.scope() != now.scope()) {
            warnings.accept("The sample was ignored because it is from a call with another topic or group.");
            return null;
        }
        return earlier;
    }

    private static LagSample pair(LagSample earlier, LagSample now) {
        int last = earlier.timesMs().size() - 1;
        Map<Integer, List<Point>> series = new LinkedHashMap<>();
        now.series()
                .forEach((hash, points) ->
                        series.put(hash, List.of(earlier.points(hash).get(last), points.get(0))));
        return new LagSample(
                now.scope(), List.of(earlier.timesMs().get(last), now.timesMs().get(0)), series);
    }

    /** Adds the points of a group and returns the hashes of its series. */
    private static List<Integer> addPoints(GroupLag group, boolean single, Map<Integer, Point> points) {
        List<Integer> series = new ArrayList<>();
        long committed = 0;
        long lag = 0;
        boolean known = false;
        boolean complete = true;
        for (PartitionLag row : group.partitions()) {
            Optional<Point> point = point(row);
            if (point.isEmpty()) {
                complete &= row.reason() == LagReason.UNCOMMITTED || row.reason() == LagReason.TOPIC_DELETED;
                continue;
            }
            known = true;
            committed += point.get().committed();
            lag += point.get().lag();
            if (single) {
                int hash = series(row);
                points.put(hash, point.get());
                series.add(hash);
            }
        }
        // A sum that misses a partition at some moments would seem to go backward.
        if (!single && known && complete) {
            int hash = LagSample.hash(group.groupId());
            points.put(hash, Point.of(committed, lag));
            series.add(hash);
        }
        return series;
    }

    private static Optional<Point> point(PartitionLag row) {
        Long position = row.position();
        return position == null || row.lag() == null ? Optional.empty() : Optional.of(Point.of(position, row.lag()));
    }

    private static boolean running(GroupLag group) {
        return group.state() != null
                && !group.state().equals("Empty")
                && !group.state().equals("Dead");
    }
}
