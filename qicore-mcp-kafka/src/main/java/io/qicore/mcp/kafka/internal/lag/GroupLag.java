package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bounds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The lag of one group, by partition and in total. Immutable. Tools answer with a {@link GroupLagRow} made from it.
 *
 * @param state the state in Kafka's terms, such as {@code Stable}; null if unknown
 * @param kind the kind of the group; null if unknown
 * @param partitions every partition that was asked for, in no particular order
 * @param lag the sum over the partitions whose lag is known
 * @param lagToStable the lag of {@code read_committed} consumers; null if it equals {@code lag}
 * @param lost number of offsets that were deleted before the group read them
 * @param unknownPartitions number of partitions whose lag is unknown, which {@code lag} leaves out
 * @param possible number of offsets that may be unread on partitions that members read without a committed offset
 * @param trend the change since an earlier sample; null if there is none
 */
public record GroupLag(
        String groupId,
        @Nullable String state,
        @Nullable GroupKind kind,
        List<PartitionLag> partitions,
        long lag,
        @Nullable Long lagToStable,
        long lost,
        int unknownPartitions,
        long possible,
        @Nullable Trend trend) {

    /** Orders groups by lag, largest first, then by the lag that is possible in addition, then by group id. */
    public static final Comparator<GroupLag> WORST_FIRST = Comparator.comparingLong(GroupLag::lag)
            .thenComparingLong(GroupLag::possible)
            .reversed()
            .thenComparing(GroupLag::groupId);

    /**
     * Returns the lag of a group on the given partitions.
     *
     * @param asked the partitions to measure
     * @param assigned the partitions that are assigned to members of the group
     * @param committed the committed offsets: null for a partition without a commit, missing if it could not be read
     * @param logs the bounds of the log of every partition asked for
     */
    public static GroupLag of(
            String groupId,
            @Nullable String state,
            @Nullable GroupKind kind,
            Collection<TopicPartition> asked,
            Set<TopicPartition> assigned,
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed,
            Map<TopicPartition, Bounds> logs) {
        List<PartitionLag> partitions = new ArrayList<>(asked.size());
        for (TopicPartition id : asked) {
            var log = Objects.requireNonNull(logs.get(id));
            OffsetAndMetadata commit = committed.get(id);
            partitions.add(PartitionLag.of(
                    id,
                    commit != null || committed.containsKey(id),
                    commit == null ? null : commit.offset(),
                    assigned.contains(id),
                    log));
        }
        return of(groupId, state, kind, partitions);
    }

    /** Returns the lag of a group on every partition with a committed offset, and on those assigned to its members. */
    public static GroupLag of(
            String groupId,
            @Nullable String state,
            @Nullable GroupKind kind,
            Set<TopicPartition> assigned,
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed,
            Map<TopicPartition, Bounds> logs) {
        List<PartitionLag> partitions = new ArrayList<>(committed.size());
        for (var entry : committed.entrySet()) {
            OffsetAndMetadata commit = entry.getValue();
            partitions.add(PartitionLag.of(
                    entry.getKey(),
                    true,
                    commit == null ? null : commit.offset(),
                    assigned.contains(entry.getKey()),
                    Objects.requireNonNull(logs.get(entry.getKey()))));
        }
        for (TopicPartition id : assigned) {
            if (!committed.containsKey(id)) {
                var row = PartitionLag.of(id, true, null, true, Objects.requireNonNull(logs.get(id)));
                // An assigned partition that does not exist has nothing to read, and the next rebalance takes it away.
                if (row.reason() != LagReason.TOPIC_DELETED) {
                    partitions.add(row);
                }
            }
        }
        return of(groupId, state, kind, partitions);
    }

    /** Returns the lag of a group as the sum over its partitions. */
    public static GroupLag of(
            String groupId, @Nullable String state, @Nullable GroupKind kind, List<PartitionLag> partitions) {
        long lag = 0;
        long stable = 0;
        long lost = 0;
        boolean hanging = false;
        int unknown = 0;
        long possible = 0;
        for (PartitionLag partition : partitions) {
            if (partition.lag() == null) {
                unknown++;
                possible += partition.neverCommitted() ? partition.possible() : 0;
            } else {
                lag += partition.lag();
                stable += partition.lagToStable() == null ? partition.lag() : partition.lagToStable();
                hanging |= partition.lagToStable() != null;
                lost += partition.lost() == null ? 0 : partition.lost();
            }
        }
        return new GroupLag(
                groupId, state, kind, partitions, lag, hanging ? stable : null, lost, unknown, possible, null);
    }

    /** Returns whether the group has, or may have, committed an offset, or has members that read a partition. */
    public boolean consumes() {
        return partitions.stream()
                .anyMatch(partition -> partition.assigned() || partition.reason() != LagReason.UNCOMMITTED);
    }

    /**
     * Returns whether the lag of every partition is known. Deleted partitions do not count, and neither do those without a
     * commit that no member reads.
     */
    public boolean complete() {
        return partitions.stream()
                .allMatch(partition -> partition.lag() != null
                        || partition.reason() == LagReason.UNCOMMITTED && partition.possible() == 0
                        || partition.reason() == LagReason.UNCOMMITTED && !partition.assigned()
                        || partition.reason() == LagReason.TOPIC_DELETED);
    }

    /** Returns whether a committed offset is beyond the end of its log. */
    public boolean aheadOfEnd() {
        for (PartitionLag partition : partitions) {
            if (partition.reason() == LagReason.AHEAD_OF_END) {
                return true;
            }
        }
        return false;
    }

    /** Returns the number of unread offsets that the logs still have. */
    public long waiting() {
        return lag - lost;
    }

    /**
     * Returns the label of a kind that is not an ordinary consumer group: {@code share} or {@code streams}; else null.
     */
    @Nullable
    public String unusualKind() {
        return kind == null ? null : kind.unusual();
    }

    /** Returns the age of the oldest unread record in seconds; null if no age was read. */
    @Nullable
    public Long oldestUnreadSeconds() {
        return partitions.stream()
                .map(PartitionLag::oldestUnreadSeconds)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Returns this lag with the given partitions, which differ from the present ones only in the ages of records. */
    public GroupLag withAges(List<PartitionLag> aged) {
        return new GroupLag(groupId, state, kind, aged, lag, lagToStable, lost, unknownPartitions, possible, trend);
    }

    /** Returns this lag with the given trend. */
    public GroupLag withTrend(@Nullable Trend newTrend) {
        return new GroupLag(
                groupId, state, kind, partitions, lag, lagToStable, lost, unknownPartitions, possible, newTrend);
    }
}
