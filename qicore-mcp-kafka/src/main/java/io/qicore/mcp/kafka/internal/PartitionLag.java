package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.LogBounds.Bounds;
import io.qicore.mcp.tool.Schema;
import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How far a group is behind on one partition. */
record PartitionLag(
        @Nullable String topic,
        int partition,

        @Nullable Long committedOffset,

        @Nullable Long endOffset,

        @Nullable Long lag,

        @Nullable Long lagToStable,

        @Nullable Long lost,

        @Nullable Long oldestUnreadSeconds,

        @Schema("Left out when OK") @Nullable LagReason reason) {

    /** By topic, then by number. */
    static final Comparator<PartitionLag> ORDER = Comparator.<PartitionLag, String>comparing(
                    row -> row.topic == null ? "" : row.topic)
            .thenComparingInt(PartitionLag::partition);

    /** Most lag first; unknown before none. */
    static final Comparator<PartitionLag> WORST_FIRST = Comparator.<PartitionLag>comparingLong(
                    row -> row.lag == null ? 0 : -row.lag)
            .thenComparing(row -> row.reason == null)
            .thenComparing(ORDER);

    /**
     * The lag from what is committed and where the log is.
     *
     * @param told whether the brokers said what is committed, be it nothing
     * @param committed null for no commit
     */
    static PartitionLag of(TopicPartition id, boolean told, @Nullable Long committed, Bounds log) {
        String topic = id.topic();
        int number = id.partition();
        if (log.error() != null) {
            return row(topic, number, committed, null, null, LagReason.of(log.error()));
        }
        if (!told) {
            return row(topic, number, null, log.end(), null, LagReason.COMMITTED_OFFSET_UNKNOWN);
        }
        if (committed == null || log.end() == null) {
            return row(topic, number, null, log.end(), null, LagReason.UNCOMMITTED);
        }
        long end = log.end();
        if (committed > end) {
            return row(topic, number, committed, end, 0L, LagReason.AHEAD_OF_END);
        }
        boolean expired = log.start() != null && committed < log.start();
        long next = expired ? log.start() : committed;
        Long stable = log.stableEnd() == null || log.stableEnd() >= end ? null : Math.max(0, log.stableEnd() - next);
        return new PartitionLag(
                topic,
                number,
                committed,
                end,
                end - committed,
                stable,
                expired ? next - committed : null,
                null,
                expired ? LagReason.OFFSET_EXPIRED : null);
    }

    /** The same without the topic. */
    PartitionLag withoutTopic() {
        return new PartitionLag(
                null, partition, committedOffset, endOffset, lag, lagToStable, lost, oldestUnreadSeconds, reason);
    }

    /** The same with the age of the oldest unread record. */
    PartitionLag withAge(@Nullable Long seconds) {
        return new PartitionLag(topic, partition, committedOffset, endOffset, lag, lagToStable, lost, seconds, reason);
    }

    private static PartitionLag row(
            String topic,
            int partition,
            @Nullable Long committed,
            @Nullable Long end,
            @Nullable Long lag,
            @Nullable LagReason reason) {
        return new PartitionLag(topic, partition, committed, end, lag, null, null, null, reason);
    }
}
