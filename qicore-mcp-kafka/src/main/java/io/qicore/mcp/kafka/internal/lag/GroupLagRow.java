package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.tool.Schema;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A group in the result of {@code get_consumer_lag}: the part of a {@link GroupLag} that agents see. */
record GroupLagRow(
        @Schema("Group id") String groupId,

        @Schema(
                "Unread offsets on all partitions whose lag is known: end offset minus committed offset, as Kafka counts,"
                        + " including lost ones. As many records, except for gaps of compaction and transactions")
        long lag,

        @Schema("State of the group in Kafka's terms, such as Stable or Empty (no consumers); left out if unknown")
        @Nullable
        String state,

        @Schema("share or streams; left out for consumer groups") @Nullable
        String type,

        @Schema("Lag of read_committed consumers, which do not see records of an open transaction; left out if it"
                + " equals lag or was not read")
        @Nullable
        Long lagToStable,

        @Schema("Offsets in lag that were deleted before the group read them; left out if 0") @Nullable
        Long lost,

        @Schema("Age of the oldest unread record in seconds; only with age") @Nullable
        Long oldestUnreadSeconds,

        @Schema("Number of partitions whose lag is unknown and not in lag; left out if 0") @Nullable
        Integer unknownPartitions,

        @Schema("Number of all partitions, if only the worst are listed") @Nullable
        Integer partitionCount,

        @Schema("Change since sample; left out without a usable sample") @Nullable
        Trend trend,

        @Schema("All partitions with details, else the worst ones of a group named by groupId; left out otherwise")
        @Nullable
        List<Partition> partitions) {

    /** A partition; its topic is left out if the caller named it. */
    record Partition(
            @Schema("Topic; left out if the arguments name one") @Nullable
            String topic,

            @Schema("Partition number") int partition,

            @Schema("Offset of the next record the group will read; left out if there is none or it is unknown")
            @Nullable
            Long committedOffset,

            @Schema("Offset that the next written record will get; left out if unknown") @Nullable
            Long endOffset,

            @Schema("Unread offsets; left out if unknown, see reason") @Nullable
            Long lag,

            @Schema("Lag of read_committed consumers; left out if it equals lag or was not read") @Nullable
            Long lagToStable,

            @Schema("Offsets in lag that were deleted before the group read them; left out if 0") @Nullable
            Long lost,

            @Schema("Age of the oldest unread record in seconds; only with age") @Nullable
            Long oldestUnreadSeconds,

            @Schema("Why lag is unknown or special; left out otherwise. UNCOMMITTED: the group has no offset here,"
                    + " so between none and all offsets of the partition are unread. TOPIC_DELETED: topic or partition no longer exists. OFFSET_EXPIRED: the next record was"
                    + " deleted; lag includes the lost offsets. AHEAD_OF_END: the offset is beyond the end, because"
                    + " the topic was recreated or lost records; lag is 0. NOT_AUTHORIZED: this server may not read it."
                    + " LEADER_UNAVAILABLE: no leader answers. BROKER_TOO_OLD: the broker cannot tell."
                    + " COMMITTED_OFFSET_UNKNOWN: the brokers did not return the offset")
            @Nullable
            LagReason reason) {}

    /** Returns the group without its partitions. */
    static GroupLagRow summary(GroupLag group) {
        return row(group, null, null);
    }

    /**
     * Returns the group with all partitions, sorted by topic and number, or with the worst ones if there are more than
     * the limit.
     */
    static GroupLagRow worst(GroupLag group, int limit, boolean topicKnown) {
        List<PartitionLag> all = group.partitions();
        boolean few = all.size() <= limit;
        var shown = (few ? all.stream().sorted(PartitionLag.ORDER) : worst(all, limit))
                .map(partition -> row(partition, topicKnown))
                .toList();
        return row(group, shown, few ? null : all.size());
    }

    /** Returns the partitions with the most lag. Does not sort all, because most calls ask for a few of many. */
    private static Stream<PartitionLag> worst(List<PartitionLag> partitions, int limit) {
        PriorityQueue<PartitionLag> worst = new PriorityQueue<>(limit + 1, PartitionLag.WORST_FIRST.reversed());
        for (PartitionLag partition : partitions) {
            worst.add(partition);
            if (worst.size() > limit) {
                worst.poll();
            }
        }
        return worst.stream().sorted(PartitionLag.WORST_FIRST);
    }

    private static GroupLagRow row(GroupLag group, @Nullable List<Partition> partitions, @Nullable Integer count) {
        return new GroupLagRow(
                group.groupId(),
                group.lag(),
                group.state(),
                group.unusualKind(),
                group.lagToStable(),
                group.lost() == 0 ? null : group.lost(),
                group.oldestUnreadSeconds(),
                group.unknownPartitions() == 0 ? null : group.unknownPartitions(),
                count,
                group.trend(),
                partitions);
    }

    private static Partition row(PartitionLag partition, boolean topicKnown) {
        return new Partition(
                topicKnown ? null : partition.id().topic(),
                partition.id().partition(),
                partition.committedOffset(),
                partition.endOffset(),
                partition.lag(),
                partition.lagToStable(),
                partition.lost(),
                partition.oldestUnreadSeconds(),
                partition.reason());
    }
}
