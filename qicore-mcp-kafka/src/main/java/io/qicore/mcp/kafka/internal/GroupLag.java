package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.LogOffsets.Offset;
import io.qicore.mcp.tool.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How far one group is behind the end of one topic. */
record GroupLag(
        String groupId,

        @Schema("Records not yet consumed, over the partitions where that is known")
        long lag,

        @Schema("State of the group, such as Stable, or Empty when it has no members") @Nullable
        String state,

        @Schema("Number of partitions that the lag leaves out because theirs is not known") @Nullable
        Integer unknownPartitions,

        @Schema("Left out unless details were asked for or a group was named") @Nullable
        List<Partition> partitions) {

    /** Most lag first, then by name. */
    static final Comparator<GroupLag> WORST_FIRST =
            Comparator.comparingLong(GroupLag::lag).reversed().thenComparing(GroupLag::groupId);

    /** Why a partition's lag is not known or not what it seems. */
    enum Reason {
        /** The group has committed no offset on it. */
        UNCOMMITTED,
        /** The group's committed offset could not be read. */
        COMMITTED_OFFSET_UNKNOWN,
        /** The partition's end could not be read, for example because it has no leader. */
        END_OFFSET_UNKNOWN,
        /** The committed offset is beyond the end: the topic was created anew or lost records. Counts as no lag. */
        AHEAD_OF_END
    }

    /** How far the group is behind on one partition. */
    record Partition(
            int partition,

            @Schema("Offset of the next record that the group consumes") @Nullable
            Long committedOffset,

            @Schema("Offset that the next record gets") @Nullable
            Long endOffset,

            @Schema("Left out when unknown") @Nullable Long lag,

            @Schema("Why the lag is unknown, or AHEAD_OF_END when the committed offset does not exist yet") @Nullable
            Reason reason) {

        private static Partition unknown(int partition, @Nullable Long committed, @Nullable Long end, Reason reason) {
            return new Partition(partition, committed, end, null, reason);
        }
    }

    /**
     * The lag from what the group has committed and where the partitions end.
     *
     * @param committed by partition; null stands for no commit, a missing partition for one that could not be read:
     *     that is how the Admin tells them apart
     * @param ends by partition number
     */
    static GroupLag of(
            String groupId,
            @Nullable String state,
            String topic,
            Map<Integer, Offset> ends,
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed) {
        List<Partition> partitions = new ArrayList<>(ends.size());
        ends.forEach((number, end) -> {
            var id = new TopicPartition(topic, number);
            partitions.add(
                    committed.containsKey(id)
                            ? row(number, committed.get(id), end.offset())
                            : Partition.unknown(number, null, end.offset(), Reason.COMMITTED_OFFSET_UNKNOWN));
        });
        long lag = 0;
        int unknown = 0;
        for (Partition partition : partitions) {
            if (partition.lag() == null) {
                unknown++;
            } else {
                lag += partition.lag();
            }
        }
        return new GroupLag(groupId, lag, state, unknown == 0 ? null : unknown, partitions);
    }

    /** Whether the group has, or may have, committed an offset on the topic. */
    boolean consumes() {
        return partitions == null || partitions.stream().anyMatch(row -> row.reason() != Reason.UNCOMMITTED);
    }

    /** The same without its partitions. */
    GroupLag summary() {
        return new GroupLag(groupId, lag, state, unknownPartitions, null);
    }

    private static Partition row(int partition, @Nullable OffsetAndMetadata commit, @Nullable Long end) {
        if (commit == null) {
            return Partition.unknown(partition, null, end, Reason.UNCOMMITTED);
        }
        long committed = commit.offset();
        if (end == null) {
            return Partition.unknown(partition, committed, null, Reason.END_OFFSET_UNKNOWN);
        }
        return committed > end
                ? new Partition(partition, committed, end, 0L, Reason.AHEAD_OF_END)
                : new Partition(partition, committed, end, end - committed, null);
    }
}
