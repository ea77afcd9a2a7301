package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bounds;
import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a group is behind on one partition. Immutable.
 *
 * @param committedOffset null if there is no commit, or it is not known
 * @param endOffset null if it is not known
 * @param lag null if it is not known; {@code reason} says why
 * @param lagToStable the lag of {@code read_committed} consumers; null where it is the lag
 * @param lost records that were deleted before the group read them; null for none
 * @param oldestUnreadSeconds age of the oldest unread record; null unless it was read
 * @param reason null if the lag is what it seems
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

    /** By topic, then by number. */
    static final Comparator<PartitionLag> ORDER =
            Comparator.comparing(PartitionLag::id, CommittedOffsets.PARTITION_ORDER);

    /** Most lag first; unknown before none. */
    static final Comparator<PartitionLag> WORST_FIRST = Comparator.<PartitionLag>comparingLong(
                    partition -> partition.lag == null ? 0 : -partition.lag)
            .thenComparing(partition -> partition.reason == null)
            .thenComparing(ORDER);

    /**
     * The lag from what is committed and where the log is.
     *
     * @param told whether the brokers said what is committed, be it nothing
     * @param committed null for no commit
     */
    static PartitionLag of(TopicPartition id, boolean told, @Nullable Long committed, Bounds log) {
        if (log.error() != null) {
            return of(id, committed, null, null, LagReason.of(log.error()));
        }
        if (!told) {
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

    /** A lag that nothing more is known about. */
    static PartitionLag of(
            TopicPartition id,
            @Nullable Long committed,
            @Nullable Long end,
            @Nullable Long lag,
            @Nullable LagReason reason) {
        return new PartitionLag(id, committed, end, lag, null, null, null, reason);
    }

    /** Whether there are unread records. */
    boolean behind() {
        return lag != null && lag > 0;
    }

    /** The same with the age of the oldest unread record. */
    PartitionLag withAge(long seconds) {
        return new PartitionLag(id, committedOffset, endOffset, lag, lagToStable, lost, seconds, reason);
    }
}
