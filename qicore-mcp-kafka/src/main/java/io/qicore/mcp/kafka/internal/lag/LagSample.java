package io.qicore.mcp.kafka.internal.lag;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The measurements of one or more lag calls: committed offset and lag of each series at several moments. A series is a
 * partition if there are few of them, else a group. It is identified by a hash of its name.
 *
 * @param scope hash of the topic and the group of the call; samples with different scopes are not compared
 * @param timesMs the moments, oldest first, in milliseconds since 1970
 * @param series the points of each series by the hash of its name, one for each moment
 */
public record LagSample(int scope, List<Long> timesMs, Map<Integer, List<Point>> series) {

    /** Maximum number of moments in a sample, the same as in Burrow. */
    public static final int MAX_MOMENTS = 10;

    /** Maximum number of points in all series, which limits a sample to about one kilobyte. */
    public static final int MAX_POINTS = 64;

    /** The committed offset and the lag of a series at one moment, or unknown. */
    public record Point(boolean known, long committed, long lag) {

        static final Point UNKNOWN = new Point(false, 0, 0);

        static Point of(long committed, long lag) {
            return new Point(true, committed, lag);
        }
    }

    /** Returns a sample of one moment from the points by the hash of their series. */
    public static LagSample of(String scope, long nowMs, Map<Integer, Point> points) {
        Map<Integer, List<Point>> series = new LinkedHashMap<>();
        points.forEach((hash, point) -> series.put(hash, List.of(point)));
        return new LagSample(hash(scope), List.of(nowMs), series);
    }

    /**
     * Returns this sample with the moments of an earlier one before its own, as many as fit, for the series of this
     * one.
     */
    public LagSample after(LagSample earlier) {
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

    /** Returns the points of a series, one for each moment. */
    public List<Point> points(int hash) {
        List<Point> points = series.get(hash);
        return points != null
                ? points
                : timesMs.stream().map(time -> Point.UNKNOWN).toList();
    }

    /** Returns the hash that identifies a group or a scope. */
    public static int hash(String name) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /**
     * Returns the hash that identifies a partition. The hash of the topic is multiplied so that neighbouring hashes of
     * topics do not collide through their partition numbers.
     */
    public static int hash(String topic, int partition) {
        return hash(topic) * 0x9E3779B1 + partition;
    }
}
