package io.qicore.mcp.kafka.internal.explain;

import io.qicore.mcp.kafka.internal.explain.TransactionEvidence.Blocking;
import io.qicore.mcp.kafka.internal.lag.GroupLag;
import io.qicore.mcp.kafka.internal.lag.LagSample;
import io.qicore.mcp.kafka.internal.lag.LagSample.Point;
import io.qicore.mcp.kafka.internal.lag.LagSampler;
import io.qicore.mcp.kafka.internal.lag.PartitionLag;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What {@code explain_lag} has measured and what its findings rest on. Immutable.
 *
 * @param lag the lag of the group, with its trend if there is a sample
 * @param progress what has changed since an earlier measurement
 * @param transactions the open transactions on the partitions of the group
 * @param ended the number of producers that have ended a transaction, by partition; for partitions without commits only
 * @param nearRetention the number of unread offsets that are close to the end of their retention time, by partition
 * @param missingTopics topics that a streams group reads and that do not exist
 * @param unread the number of offsets of partitions that no member reads and on which nothing is committed, although members
 *     read other partitions of their topics
 */
record LagEvidence(
        GroupDetails group,
        GroupLag lag,
        Progress progress,
        List<Blocking> transactions,
        Map<TopicPartition, Integer> ended,
        Map<TopicPartition, Long> nearRetention,
        Set<String> missingTopics,
        Map<TopicPartition, Long> unread) {

    /**
     * What has changed between measurements.
     *
     * @param seconds the time between the first and the last measurement
     * @param moved whether the group was seen to commit another offset
     * @param partitions the change of partitions that were measured at least twice
     */
    record Progress(double seconds, boolean moved, Map<TopicPartition, Change> partitions) {

        /** Returns the change since a sample, of whose moments the last is the present. */
        static Progress since(LagSample sample, GroupLag lag) {
            int last = sample.timesMs().size() - 1;
            Map<TopicPartition, Change> changes = new HashMap<>();
            boolean moved = moved(sample.points(LagSample.hash(lag.groupId())));
            for (PartitionLag row : lag.partitions()) {
                List<Point> points = sample.points(LagSampler.series(row));
                moved |= moved(points);
                Point before = points.get(last - 1);
                Point now = points.get(last);
                if (before.known() && now.known()) {
                    changes.put(
                            row.id(),
                            new Change(
                                    silentMs(sample.timesMs(), points) / 1000.0,
                                    now.committed() + now.lag() - before.committed() - before.lag()));
                }
            }
            double seconds = (sample.timesMs().get(last) - sample.timesMs().get(0)) / 1000.0;
            return new Progress(seconds, moved, changes);
        }

        /** Returns the change between two measurements. */
        static Progress between(GroupLag before, GroupLag now, double seconds) {
            Map<TopicPartition, PartitionLag> earlier = new HashMap<>();
            before.partitions().forEach(row -> earlier.put(row.id(), row));
            Map<TopicPartition, Change> changes = new HashMap<>();
            boolean moved = false;
            for (PartitionLag row : now.partitions()) {
                PartitionLag was = earlier.get(row.id());
                Long from = was == null ? null : was.position();
                Long to = row.position();
                if (was == null || from == null || to == null) {
                    // A first commit is a sign of life, too.
                    moved |= was != null && was.neverCommitted() && to != null;
                    continue;
                }
                moved |= !from.equals(to);
                long produced = end(row) - end(was);
                changes.put(row.id(), new Change(from.equals(to) ? seconds : 0, produced));
            }
            return new Progress(seconds, moved, changes);
        }

        /** Returns the number of offsets that producers wrote between the last two measurements. */
        long produced() {
            return partitions.values().stream()
                    .mapToLong(change -> Math.max(0, change.produced()))
                    .sum();
        }

        private static long end(PartitionLag row) {
            return row.endOffset() == null ? 0 : row.endOffset();
        }

        private static boolean moved(List<Point> points) {
            Point before = null;
            for (Point point : points) {
                if (point.known()) {
                    if (before != null && before.committed() != point.committed()) {
                        return true;
                    }
                    before = point;
                }
            }
            return false;
        }

        /** Returns for how long, up to now, the offset was seen to be the same while there was lag. */
        private static long silentMs(List<Long> times, List<Point> points) {
            int last = points.size() - 1;
            Point now = points.get(last);
            int first = last;
            while (first > 0
                    && points.get(first - 1)
                            .equals(new Point(
                                    true, now.committed(), points.get(first - 1).lag()))
                    && points.get(first - 1).lag() > 0) {
                first--;
            }
            return times.get(last) - times.get(first);
        }
    }

    /**
     * The change of one partition.
     *
     * @param silentSeconds for how long the committed offset was seen to be the same while there was lag
     * @param produced number of offsets that producers wrote between the last two measurements
     */
    record Change(double silentSeconds, long produced) {}
}
