package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.tool.Schema;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A group in the answer of {@code get_consumer_lag}: what agents see of a {@link GroupLag}. */
record GroupLagRow(
        String groupId,
        long lag,
        @Nullable String state,
        @Schema("share or streams") @Nullable String type,

        @Schema("Lag of read_committed consumers during a transaction") @Nullable
        Long lagToStable,

        @Schema("Records deleted before the group read them") @Nullable
        Long lost,

        @Nullable Long oldestUnreadSeconds,
        @Schema("Not in the lag") @Nullable Integer unknownPartitions,
        @Schema("When not all are listed") @Nullable Integer partitionCount,
        @Nullable Trend trend,
        @Nullable List<Partition> partitions) {

    /** A partition; its topic is left out if the caller named it. */
    record Partition(
            @Nullable String topic,
            int partition,
            @Nullable Long committedOffset,
            @Nullable Long endOffset,
            @Nullable Long lag,
            @Nullable Long lagToStable,
            @Nullable Long lost,
            @Nullable Long oldestUnreadSeconds,
            @Schema("Left out when OK") @Nullable LagReason reason) {}

    /** The group without its partitions. */
    static GroupLagRow summary(GroupLag group) {
        return row(group, null, null);
    }

    /** The group with all partitions by number if there are few, or else with the worst ones. */
    static GroupLagRow worst(GroupLag group, int limit, boolean topicKnown) {
        List<PartitionLag> all = group.partitions();
        boolean few = all.size() <= limit;
        var shown = (few ? all.stream().sorted(PartitionLag.ORDER) : worst(all, limit))
                .map(partition -> row(partition, topicKnown))
                .toList();
        return row(group, shown, few ? null : all.size());
    }

    /** Those with most lag; not a sort of all, because most calls ask for a few of many. */
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
