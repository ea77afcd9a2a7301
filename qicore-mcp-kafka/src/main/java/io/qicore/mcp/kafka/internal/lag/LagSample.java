package io.qicore.mcp.kafka.internal.lag;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * What a lag answer saw: at some moments, what was committed and how far behind that was, per series. A series is a
 * partition where there are few, else a group; it is known by a hash of its name.
 *
 * @param scope hash of what was asked for: samples of different questions do not mix
 * @param timesMs when, oldest first, in milliseconds since 1970
 * @param series by the hash of its name; as many points as there are times, null for one that was not known
 */
record LagSample(int scope, List<Long> timesMs, Map<Integer, List<Point>> series) {

    /** Most moments that a sample remembers: as many as Burrow does. */
    static final int MAX_MOMENTS = 10;

    /** Most points in all, which keeps a sample at about a kilobyte. */
    static final int MAX_POINTS = 64;

    /** What was committed, and the lag, at one moment; or unknown. */
    record Point(boolean known, long committed, long lag) {

        static final Point UNKNOWN = new Point(false, 0, 0);

        static Point of(long committed, long lag) {
            return new Point(true, committed, lag);
        }
    }

    /** A sample of one moment, by the hashes of series. */
    static LagSample of(String scope, long nowMs, Map<Integer, Point> points) {
        Map<Integer, List<Point>> series = new LinkedHashMap<>();
        points.forEach((hash, point) -> series.put(hash, List.of(point)));
        return new LagSample(hash(scope), List.of(nowMs), series);
    }

    /** This sample's moments after those of an earlier one, as many as fit; series of this one only. */
    LagSample after(LagSample earlier) {
        int room = Math.min(MAX_MOMENTS, MAX_POINTS / Math.max(1, series.size())) - timesMs.size();
        int from = Math.max(0, earlier.timesMs.size() - Math.max(0, room));
        List<Long> times = new ArrayList<>(earlier.timesMs.subList(from, earlier.timesMs.size()));
        times.addAll(timesMs);
        Map<Integer, List<Point>> joined = new LinkedHashMap<>();
        series.forEach((hash, points) -> {
            List<Point> all = new ArrayList<>(earlier.points(hash).subList(from, earlier.timesMs.size()));
            all.addAll(points);
            joined.put(hash, all);
        });
        return new LagSample(scope, times, joined);
    }

    /** The points of a series, one for each time. */
    List<Point> points(int hash) {
        List<Point> points = series.get(hash);
        return points != null
                ? points
                : timesMs.stream().map(time -> Point.UNKNOWN).toList();
    }

    /** How a group, or a scope, is known. */
    static int hash(String name) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /** How a partition is known. Multiplied, so that partition 31 of one topic is not partition 0 of its neighbour. */
    static int hash(String topic, int partition) {
        return hash(topic) * 0x9E3779B1 + partition;
    }
}
