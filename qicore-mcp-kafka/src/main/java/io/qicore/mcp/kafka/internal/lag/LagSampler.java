package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.lag.LagSample.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sample of one answer, and the trend since the one that the call handed back. For use by one call. */
final class LagSampler {

    private static final int MAX_SERIES = LagSample.MAX_POINTS;

    private final LagSampleCodec codec;
    private final String scope;
    private final @Nullable String handedBack;
    private final Consumer<String> warnings;
    private final long nowMs;

    /**
     * @param scope what is asked for
     * @param handedBack the sample of an earlier answer
     * @param warnings is told why that one is of no use
     */
    LagSampler(LagSampleCodec codec, String scope, @Nullable String handedBack, long nowMs, Consumer<String> warnings) {
        this.codec = codec;
        this.scope = scope;
        this.handedBack = handedBack;
        this.warnings = warnings;
        this.nowMs = nowMs;
    }

    /** The hash of a partition's series. */
    static int series(PartitionLag row) {
        return LagSample.hash(row.id().topic(), row.id().partition());
    }

    /** An answer's groups with their trends, its sample, and what the trends come from. */
    record Sampled(
            List<GroupLag> groups,
            @Nullable String sample,
            @Nullable LagSample compared) {}

    /** Takes the sample of the groups, whose rows must still be there. */
    Sampled take(List<GroupLag> groups) {
        boolean single = groups.size() == 1 && groups.get(0).partitions().size() <= MAX_SERIES;
        Map<Integer, Point> all = new LinkedHashMap<>();
        List<List<Integer>> seriesOf = new ArrayList<>();
        for (GroupLag group : groups) {
            seriesOf.add(seriesOf.size() < MAX_SERIES ? addPoints(group, single, all) : List.of());
        }
        if (all.isEmpty()) {
            return new Sampled(groups, null, null);
        }
        LagSample now = LagSample.of(scope, nowMs, all);
        LagSample earlier = earlier(now);
        if (earlier == null) {
            return new Sampled(groups, codec.write(now), now);
        }
        LagSample joined = now.after(earlier);
        // A sample that has no room for an earlier moment is compared with it all the same.
        LagSample compared = joined.timesMs().size() > 1 ? joined : pair(earlier, now);
        List<GroupLag> told = new ArrayList<>(groups.size());
        for (int i = 0; i < groups.size(); i++) {
            GroupLag group = groups.get(i);
            told.add(group.withTrend(Trend.of(compared, seriesOf.get(i), running(group))));
        }
        return new Sampled(told, codec.write(joined), compared);
    }

    private @Nullable LagSample earlier(LagSample now) {
        if (handedBack == null) {
            return null;
        }
        LagSample earlier = codec.read(handedBack).orElse(null);
        if (earlier == null) {
            warnings.accept(
                    "The sample was ignored: it is not one that this server signed. Replicas, and a restarted"
                            + " server, accept it if they have the same state key, such as KAFKA_MCP_STATE_KEY. The new sample starts afresh.");
            return null;
        }
        if (earlier.scope() != now.scope()) {
            warnings.accept("The sample was ignored: it is of a call with another topic or group.");
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

    /** Adds what is known of a group; the hashes of its series. */
    private static List<Integer> addPoints(GroupLag group, boolean single, Map<Integer, Point> points) {
        List<Integer> series = new ArrayList<>();
        long committed = 0;
        long lag = 0;
        boolean known = false;
        boolean whole = true;
        for (PartitionLag row : group.partitions()) {
            if (row.committedOffset() == null || row.lag() == null || row.reason() == LagReason.AHEAD_OF_END) {
                whole &= row.reason() == LagReason.UNCOMMITTED || row.reason() == LagReason.TOPIC_DELETED;
                continue;
            }
            known = true;
            committed += row.committedOffset();
            lag += row.lag();
            if (single) {
                int hash = series(row);
                points.put(hash, Point.of(row.committedOffset(), row.lag()));
                series.add(hash);
            }
        }
        // A sum that misses a partition now and then would seem to go back.
        if (!single && known && whole) {
            int hash = LagSample.hash(group.groupId());
            points.put(hash, Point.of(committed, lag));
            series.add(hash);
        }
        return series;
    }

    private static boolean running(GroupLag group) {
        return group.state() != null
                && !group.state().equals("Empty")
                && !group.state().equals("Dead");
    }
}
