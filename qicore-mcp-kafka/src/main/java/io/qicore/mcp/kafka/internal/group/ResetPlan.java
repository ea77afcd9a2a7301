package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.tool.change.PlanHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a reset: the present and the new offset of each partition of a group. Immutable.
 *
 * @param group the group before the reset
 * @param created whether the reset creates the group
 * @param moves one for each partition, sorted by topic and partition
 * @param leftOut why partitions of the named topic are not in the plan; null if all are
 */
record ResetPlan(
        GroupDetails group,
        boolean created,
        List<Move> moves,
        @Nullable String leftOut) {

    /**
     * The change of one partition's offset.
     *
     * @param topicId id of the topic, which changes when the topic is deleted and created again
     * @param from the committed offset before the reset; null if the group has none
     * @param read the offset within the log up to which the group has read; the start offset if it has not committed
     * @param to the new offset
     * @param atEnd whether the new offset is the end of the log
     */
    record Move(
            TopicPartition partition,
            String topicId,
            @Nullable Long from,
            long read,
            long to,
            boolean atEnd) {}

    /**
     * Returns a hash that changes with every committed offset, new offset and topic id of this plan. A new offset at
     * the end of the log is hashed as "end" instead of its number, because producers may write more records before the
     * plan is confirmed.
     */
    String hash() {
        List<Object> parts = new ArrayList<>();
        parts.add(group.groupId());
        parts.add(created ? "new" : group.kind().label());
        for (Move move : moves) {
            parts.add(List.of(
                    move.partition().toString(),
                    move.topicId(),
                    move.from() == null ? -1 : move.from(),
                    move.atEnd() ? "end" : move.to()));
        }
        return PlanHash.of("reset_consumer_offset", parts);
    }

    /** Returns the new offset of each partition. */
    Map<TopicPartition, Long> targets() {
        Map<TopicPartition, Long> targets = new TreeMap<>(CommittedOffsets.PARTITION_ORDER);
        moves.forEach(move -> targets.put(move.partition(), move.to()));
        return targets;
    }

    /** Returns the number of partitions with an offset on which the group skips records. */
    long skippingPartitions() {
        return moves.stream()
                .filter(move -> move.from() != null && move.to() > move.read())
                .count();
    }

    /** Returns the number of offsets in the log that the group will never read. */
    long skipped() {
        return moves.stream()
                .mapToLong(move -> Math.max(0, move.to() - move.read()))
                .sum();
    }

    /** Returns the number of offsets in the log that the group will read again. */
    long replayed() {
        return moves.stream()
                .mapToLong(move -> Math.max(0, move.read() - move.to()))
                .sum();
    }

    /** Returns the offsets before the reset, of the wanted partitions that had one. */
    Map<String, Long> previous(Predicate<TopicPartition> wanted) {
        Map<String, Long> previous = new TreeMap<>();
        for (Move move : moves) {
            if (move.from() != null && wanted.test(move.partition())) {
                previous.put(ResetTarget.key(move.partition()), move.from());
            }
        }
        return previous;
    }
}
