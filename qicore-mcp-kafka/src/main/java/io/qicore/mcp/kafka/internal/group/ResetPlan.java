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
 * What a reset does: which offset each partition of a group has and gets. Immutable.
 *
 * @param group as it is
 * @param moves sorted by partition
 */
record ResetPlan(GroupDetails group, List<Move> moves) {

    /**
     * One partition.
     *
     * @param topicId changes when a topic is deleted and created anew
     * @param from null if the group has no offset
     * @param atEnd whether the target is the end of the log, wherever that is by then
     */
    record Move(
            TopicPartition partition,
            String topicId,
            @Nullable Long from,
            long to,
            boolean atEnd) {}

    /**
     * What makes this plan another one: any offset of the group, any target, any topic. A target at the end is that,
     * not a number: producers go on while a plan is thought over.
     */
    String hash() {
        List<Object> parts = new ArrayList<>();
        parts.add(group.groupId());
        parts.add(group.kind().label());
        for (Move move : moves) {
            parts.add(List.of(
                    move.partition().toString(),
                    move.topicId(),
                    move.from() == null ? -1 : move.from(),
                    move.atEnd() ? "end" : move.to()));
        }
        return PlanHash.of("reset_consumer_offset", parts);
    }

    /** The new offsets. */
    Map<TopicPartition, Long> targets() {
        Map<TopicPartition, Long> targets = new TreeMap<>(CommittedOffsets.PARTITION_ORDER);
        moves.forEach(move -> targets.put(move.partition(), move.to()));
        return targets;
    }

    /** Number of partitions on which the group skips records. */
    long skippingPartitions() {
        return moves.stream()
                .filter(move -> move.from() != null && move.to() > move.from())
                .count();
    }

    /** Records that the group will never read. */
    long skipped() {
        return moves.stream()
                .filter(move -> move.from() != null)
                .mapToLong(move -> Math.max(0, move.to() - move.from()))
                .sum();
    }

    /** Records that the group will read again. */
    long replayed() {
        return moves.stream()
                .filter(move -> move.from() != null)
                .mapToLong(move -> Math.max(0, move.from() - move.to()))
                .sum();
    }

    /** The offsets before, of the partitions that had one and that fit. */
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
