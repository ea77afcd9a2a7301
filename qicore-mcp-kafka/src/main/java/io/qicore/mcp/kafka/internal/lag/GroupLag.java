package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bounds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far one group is behind, by partition and in all. Immutable. What tools answer is made from it: see
 * {@link GroupLagRow}.
 *
 * @param state in Kafka's words, such as {@code Stable}; null if not known
 * @param kind null if not known
 * @param partitions every partition that was asked for, in no order
 * @param lag the sum over the partitions whose lag is known
 * @param lagToStable the lag of {@code read_committed} consumers; null where it is the lag
 * @param lost records that were deleted before the group read them
 * @param unknownPartitions how many partitions are not in the lag
 * @param trend since an earlier sample, if there is one
 */
record GroupLag(
        String groupId,
        @Nullable String state,
        @Nullable GroupKind kind,
        List<PartitionLag> partitions,
        long lag,
        @Nullable Long lagToStable,
        long lost,
        int unknownPartitions,
        @Nullable Trend trend) {

    /** Most lag first, then by name. */
    static final Comparator<GroupLag> WORST_FIRST =
            Comparator.comparingLong(GroupLag::lag).reversed().thenComparing(GroupLag::groupId);

    /**
     * The lag from what the group has committed and where the logs are.
     *
     * @param asked the partitions to tell about
     * @param committed null stands for no commit, a missing partition for one that could not be read
     */
    static GroupLag of(
            String groupId,
            @Nullable String state,
            @Nullable GroupKind kind,
            Collection<TopicPartition> asked,
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed,
            Map<TopicPartition, Bounds> logs) {
        List<PartitionLag> partitions = new ArrayList<>(asked.size());
        for (TopicPartition id : asked) {
            var log = Objects.requireNonNull(logs.get(id));
            OffsetAndMetadata commit = committed.get(id);
            partitions.add(PartitionLag.of(
                    id, commit != null || committed.containsKey(id), commit == null ? null : commit.offset(), log));
        }
        return of(groupId, state, kind, partitions);
    }

    /** The lag on every partition on which a group has committed. */
    static GroupLag of(
            String groupId,
            @Nullable String state,
            @Nullable GroupKind kind,
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed,
            Map<TopicPartition, Bounds> logs) {
        List<PartitionLag> partitions = new ArrayList<>(committed.size());
        for (var entry : committed.entrySet()) {
            OffsetAndMetadata commit = entry.getValue();
            partitions.add(PartitionLag.of(
                    entry.getKey(),
                    true,
                    commit == null ? null : commit.offset(),
                    Objects.requireNonNull(logs.get(entry.getKey()))));
        }
        return of(groupId, state, kind, partitions);
    }

    /** The sum over partitions. */
    static GroupLag of(
            String groupId, @Nullable String state, @Nullable GroupKind kind, List<PartitionLag> partitions) {
        long lag = 0;
        long stable = 0;
        long lost = 0;
        boolean hanging = false;
        int unknown = 0;
        for (PartitionLag partition : partitions) {
            if (partition.lag() == null) {
                unknown++;
            } else {
                lag += partition.lag();
                stable += partition.lagToStable() == null ? partition.lag() : partition.lagToStable();
                hanging |= partition.lagToStable() != null;
                lost += partition.lost() == null ? 0 : partition.lost();
            }
        }
        return new GroupLag(groupId, state, kind, partitions, lag, hanging ? stable : null, lost, unknown, null);
    }

    /** Whether the group has, or may have, committed an offset. */
    boolean consumes() {
        return partitions.stream().anyMatch(partition -> partition.reason() != LagReason.UNCOMMITTED);
    }

    /** Whether the lag misses no partition; those that are gone have none. */
    boolean whole() {
        return partitions.stream()
                .allMatch(partition -> partition.lag() != null
                        || partition.reason() == LagReason.UNCOMMITTED
                        || partition.reason() == LagReason.TOPIC_DELETED);
    }

    /** The kind where readers would not expect it: {@code share} or {@code streams}. */
    @Nullable
    String unusualKind() {
        return kind == null ? null : kind.unusual();
    }

    /** The age of the oldest unread record, as far as ages were read. */
    @Nullable
    Long oldestUnreadSeconds() {
        return partitions.stream()
                .map(PartitionLag::oldestUnreadSeconds)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** The same with the ages of records in its partitions, which are the same partitions otherwise. */
    GroupLag withAges(List<PartitionLag> aged) {
        return new GroupLag(groupId, state, kind, aged, lag, lagToStable, lost, unknownPartitions, trend);
    }

    /** The same with its trend. */
    GroupLag withTrend(@Nullable Trend newTrend) {
        return new GroupLag(groupId, state, kind, partitions, lag, lagToStable, lost, unknownPartitions, newTrend);
    }
}
