package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bounds;
import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The lag of a group on one partition. Immutable. All numbers are of offsets. There are fewer records than offsets where
 * records were compacted, or where transactions ended.
 *
 * @param id the topic and the partition number
 * @param committedOffset the committed offset, or the start offset of a share group; null if there is none or it is unknown
 * @param startOffset the start offset of the log; null if unknown
 * @param endOffset the end offset; null if unknown
 * @param lag number of offsets that the group has not read; null if unknown, in which case {@code reason} says why
 * @param lagToStable the lag of {@code read_committed} consumers; null if it equals {@code lag} or is unknown
 * @param lost number of offsets that were deleted before the group read them; null if none or unknown
 * @param oldestUnreadSeconds age of the oldest unread record in seconds; null unless it was read
 * @param assigned whether the partition is assigned to a member of the group
 * @param reason why the lag is unknown or special; null for an ordinary lag
 */
public record PartitionLag(
        TopicPartition id,
        @Nullable Long committedOffset,
        @Nullable Long startOffset,
        @Nullable Long endOffset,
        @Nullable Long lag,
        @Nullable Long lagToStable,
        @Nullable Long lost,
        @Nullable Long oldestUnreadSeconds,
        boolean assigned,
        @Nullable LagReason reason) {

    /** Orders ids by topic, then by number. */
    public static final Comparator<TopicPartition> ID_ORDER = CommittedOffsets.PARTITION_ORDER;

    /** Orders partitions by topic, then by number. */
    public static final Comparator<PartitionLag> ORDER = Comparator.comparing(PartitionLag::id, ID_ORDER);

    /**
     * Orders partitions by lag, largest first. Partitions with an unknown lag come before those with a lag of 0, and those
     * that a member reads without a commit before the others.
     */
    public static final Comparator<PartitionLag> WORST_FIRST = Comparator.<PartitionLag>comparingLong(
                    partition -> partition.lag == null ? 0 : -partition.lag)
            .thenComparing(partition -> partition.reason == null)
            .thenComparing(partition -> -partition.possible())
            .thenComparing(ORDER);

    /**
     * Returns the lag from the committed offset and the bounds of the log.
     *
     * @param answered whether the brokers reported the committed offset, or that there is none
     * @param committed the committed offset; null if there is none
     * @param assigned whether the partition is assigned to a member of the group
     */
    public static PartitionLag of(
            TopicPartition id, boolean answered, @Nullable Long committed, boolean assigned, Bounds log) {
        if (log.error() != null) {
            return of(id, committed, null, null, null, assigned, LagReason.of(log.error()));
        }
        if (!answered) {
            return of(id, null, log.start(), log.end(), null, assigned, LagReason.COMMITTED_OFFSET_UNKNOWN);
        }
        if (committed == null || log.end() == null) {
            return of(id, null, log.start(), log.end(), null, assigned, LagReason.UNCOMMITTED);
        }
        long end = log.end();
        if (committed > end) {
            return of(id, committed, log.start(), end, 0L, assigned, LagReason.AHEAD_OF_END);
        }
        boolean expired = log.start() != null && committed < log.start();
        long next = expired ? log.start() : committed;
        Long stable = log.stableEnd() == null || log.stableEnd() >= end ? null : Math.max(0, log.stableEnd() - next);
        return new PartitionLag(
                id,
                committed,
                log.start(),
                end,
                end - committed,
                stable,
                expired ? next - committed : null,
                null,
                assigned,
                expired ? LagReason.OFFSET_EXPIRED : null);
    }

    /** Returns a lag without further numbers. */
    public static PartitionLag of(
            TopicPartition id,
            @Nullable Long committed,
            @Nullable Long start,
            @Nullable Long end,
            @Nullable Long lag,
            boolean assigned,
            @Nullable LagReason reason) {
        return new PartitionLag(id, committed, start, end, lag, null, null, null, assigned, reason);
    }

    /** Returns the number of unread offsets that the log still has; 0 if unknown. */
    public long waiting() {
        return lag == null ? 0 : lag - (lost == null ? 0 : lost);
    }

    /** Returns the number of unread offsets that a {@code read_committed} consumer can read now; 0 if unknown. */
    public long readable() {
        return lagToStable == null ? waiting() : lagToStable;
    }

    /** Returns whether the log still has unread offsets. */
    public boolean behind() {
        return waiting() > 0;
    }

    /** Returns whether a member reads the partition, but no offset was ever committed. */
    public boolean neverCommitted() {
        return assigned && reason == LagReason.UNCOMMITTED;
    }

    /** Returns the number of offsets that may be unread on a partition without a committed offset; else 0. */
    public long possible() {
        return reason != LagReason.UNCOMMITTED || endOffset == null
                ? 0
                : endOffset - (startOffset == null ? 0 : startOffset);
    }

    /** Returns the offset from which the group continues to read; null if unknown. */
    @Nullable
    public Long next() {
        return committedOffset == null ? null : committedOffset + (lost == null ? 0 : lost);
    }

    /**
     * Returns the offset up to which the group has read, to compare moments. Not the start offset of a share group, which
     * brokers store late.
     *
     * @return null if unknown
     */
    @Nullable
    public Long position() {
        return endOffset == null || lag == null || reason == LagReason.AHEAD_OF_END ? null : endOffset - lag;
    }

    /** Returns this lag with the age of the oldest unread record. */
    public PartitionLag withAge(long seconds) {
        return new PartitionLag(
                id, committedOffset, startOffset, endOffset, lag, lagToStable, lost, seconds, assigned, reason);
    }
}
