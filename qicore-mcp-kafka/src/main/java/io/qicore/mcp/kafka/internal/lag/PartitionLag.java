package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bounds;
import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The lag of a group on one partition. Immutable.
 *
 * @param id the topic and the partition number
 * @param committedOffset the committed offset; null if there is none or it is unknown
 * @param endOffset the end offset; null if unknown
 * @param lag number of unread records; null if unknown, in which case {@code reason} says why
 * @param lagToStable the lag of {@code read_committed} consumers; null if it equals {@code lag} or is unknown
 * @param lost number of records that were deleted before the group read them; null if none or unknown
 * @param oldestUnreadSeconds age of the oldest unread record in seconds; null unless it was read
 * @param reason why the lag is unknown or special; null for an ordinary lag
 */
record PartitionLag(
        TopicPartition id,
        @Nullable Long committedOffset,
        @Nullable Long endOffset,
        @Nullable Long lag,
        @Nullable Long lagToStable,
        @Nullable Long lost,
        @Nullable Long oldestUnreadSeconds,
        @Nullable LagReason reason) {

    /** Orders partitions by topic, then by number. */
    static final Comparator<PartitionLag> ORDER =
            Comparator.comparing(PartitionLag::id, CommittedOffsets.PARTITION_ORDER);

    /** Orders partitions by lag, largest first. Partitions with an unknown lag come before those with a lag of 0. */
    static final Comparator<PartitionLag> WORST_FIRST = Comparator.<PartitionLag>comparingLong(
                    partition -> partition.lag == null ? 0 : -partition.lag)
            .thenComparing(partition -> partition.reason == null)
            .thenComparing(ORDER);

    /**
     * Returns the lag from the committed offset and the bounds of the log.
     *
     * @param answered whether the brokers reported the committed offset, or that there is none
     * @param committed the committed offset; null if there is none
     */
    static PartitionLag of(TopicPartition id, boolean answered, @Nullable Long committed, Bounds log) {
        if (log.error() != null) {
            return of(id, committed, null, null, LagReason.of(log.error()));
        }
        if (!answered) {
            return of(id, null, log.end(), null, LagReason.COMMITTED_OFFSET_UNKNOWN);
        }
        if (committed == null || log.end() == null) {
            return of(id, null, log.end(), null, LagReason.UNCOMMITTED);
        }
        long end = log.end();
        if (committed > end) {
            return of(id, committed, end, 0L, LagReason.AHEAD_OF_END);
        }
        boolean expired = log.start() != null && committed < log.start();
        long next = expired ? log.start() : committed;
        Long stable = log.stableEnd() == null || log.stableEnd() >= end ? null : Math.max(0, log.stableEnd() - next);
        return new PartitionLag(
                id,
                committed,
                end,
                end - committed,
                stable,
                expired ? next - committed : null,
                null,
                expired ? LagReason.OFFSET_EXPIRED : null);
    }

    /** Returns a lag without further numbers. */
    static PartitionLag of(
            TopicPartition id,
            @Nullable Long committed,
            @Nullable Long end,
            @Nullable Long lag,
            @Nullable LagReason reason) {
        return new PartitionLag(id, committed, end, lag, null, null, null, reason);
    }

    /** Returns whether there are unread records. */
    boolean behind() {
        return lag != null && lag > 0;
    }

    /** Returns this lag with the age of the oldest unread record. */
    PartitionLag withAge(long seconds) {
        return new PartitionLag(id, committedOffset, endOffset, lag, lagToStable, lost, seconds, reason);
    }
}
