package io.qicore.mcp.kafka.internal.explain;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.explain.LagEvidence.Progress;
import io.qicore.mcp.kafka.internal.lag.GroupLag;
import io.qicore.mcp.kafka.internal.lag.PartitionLag;
import io.qicore.mcp.kafka.internal.lag.RecordAges;
import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.kafka.internal.read.TopicConfigs;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** What the timestamps of records tell: which unread records are near the end of their retention. For use by one call. */
final class TimestampEvidence {

    private static final double NEAR_RETENTION_FRACTION = 0.8;

    /** Fewer offsets than this can be stamped a moment earlier or later without a wrong clock. */
    private static final long MIN_PRODUCED = 100;

    private static final long CLOCK_TOLERANCE_MS = 60_000;

    private final AdminSession kafka;
    private final @Nullable KafkaConnection connection;
    private final Warnings warnings;

    TimestampEvidence(AdminSession kafka, @Nullable KafkaConnection connection, Warnings warnings) {
        this.kafka = kafka;
        this.connection = connection;
        this.warnings = warnings;
    }

    /**
     * Returns the number of unread offsets whose records are older than 80% of the {@code retention.ms} of their topic, by
     * partition. The search by time skips offsets without records, so the oldest unread record itself is read as well.
     */
    Map<TopicPartition, Long> nearRetention(GroupLag lag, long now) {
        Map<TopicPartition, PartitionLag> behind = new HashMap<>();
        Set<String> topics = new TreeSet<>();
        for (PartitionLag row : lag.partitions()) {
            if (row.behind() && row.next() != null && row.endOffset() != null) {
                behind.put(row.id(), row);
                topics.add(row.id().topic());
            }
        }
        Map<String, Long> retention = retentionMs(topics);
        Map<TopicPartition, Long> limits = new HashMap<>();
        behind.keySet().forEach(id -> {
            Long kept = retention.get(id.topic());
            if (kept != null) {
                limits.put(id, now - (long) (kept * NEAR_RETENTION_FRACTION));
            }
        });
        Map<TopicPartition, Long> old = new HashMap<>();
        Map<TopicPartition, Long> next = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        var requested = LogOffsets.atTimes(kafka, limits);
        limits.keySet().forEach(id -> {
            PartitionLag row = behind.get(id);
            Long from = row.next();
            Long young = requested.await(id).offset();
            if (young != null && from != null && row.endOffset() != null) {
                long until = young < 0 ? row.endOffset() : young;
                if (until > from) {
                    old.put(id, until - from);
                    next.put(id, from);
                    ends.put(id, row.endOffset());
                }
            }
        });
        if (old.isEmpty()) {
            return old;
        }
        if (connection == null) {
            warnings.add("Unread records of " + PartitionList.byTopic(old.keySet()) + " may be near the end of their"
                    + " retention. This server cannot read their timestamps, because it has an Admin client only.");
            return Map.of();
        }
        Map<TopicPartition, Long> stamped = new RecordAges(connection, kafka, warnings).oldest(next, ends);
        old.keySet().removeIf(id -> stamped.getOrDefault(id, Long.MAX_VALUE) > limits.get(id));
        return old;
    }

    /** Warns if the timestamps of the records that were just written are not the time at which they were written. */
    void compareClocks(GroupLag lag, Progress progress, long now, double seconds) {
        Map<TopicPartition, PartitionLag> watched = new HashMap<>();
        lag.partitions().stream()
                .filter(row -> progress.partitions().containsKey(row.id()))
                .forEach(row -> watched.put(row.id(), row));
        var latest = LogOffsets.request(kafka, watched.keySet(), OffsetSpec.maxTimestamp());
        Set<TopicPartition> behind = new TreeSet<>(CommittedOffsets.PARTITION_ORDER);
        Set<TopicPartition> ahead = new TreeSet<>(CommittedOffsets.PARTITION_ORDER);
        long since = now - (long) (seconds * 1000) - CLOCK_TOLERANCE_MS;
        watched.forEach((id, row) -> {
            var found = latest.await(id);
            var change = progress.partitions().get(id);
            if (found.offset() == null || found.timestamp() == null || change == null || row.endOffset() == null) {
                return;
            }
            long stamped = found.timestamp().toEpochMilli();
            if (stamped > now + CLOCK_TOLERANCE_MS) {
                ahead.add(id);
            } else if (change.produced() >= MIN_PRODUCED
                    && (stamped < since || found.offset() < row.endOffset() - change.produced())) {
                // None of the records that were just written has a recent timestamp.
                behind.add(id);
            }
        });
        if (!behind.isEmpty()) {
            warnings.add("Record timestamps disagree with the clock: the records that were just written to "
                    + PartitionList.byTopic(behind)
                    + " are stamped more than a minute earlier, because of a backfill or a"
                    + " wrong clock. Rates count offsets and are right; ages and retention go by timestamps.");
        }
        if (!ahead.isEmpty()) {
            warnings.add("Record timestamps disagree with the clock: " + PartitionList.byTopic(ahead)
                    + " has records that are stamped more than a minute in the future. Rates count offsets and are right;"
                    + " ages and retention go by timestamps, so these records are kept longer.");
        }
    }

    /** Returns the retention time by topic, in milliseconds; without topics that keep records forever or are unreadable. */
    private Map<String, Long> retentionMs(Set<String> topics) {
        Map<String, Long> retention = new HashMap<>();
        TopicConfigs requested = TopicConfigs.request(kafka, topics);
        for (String topic : topics) {
            Map<String, ConfigEntry> entries =
                    warnings.attempt(() -> requested.await(topic)).orElse(Map.of());
            ConfigEntry policy = entries.get(TopicConfig.CLEANUP_POLICY_CONFIG);
            ConfigEntry kept = entries.get(TopicConfig.RETENTION_MS_CONFIG);
            if (policy != null && policy.value().contains(TopicConfig.CLEANUP_POLICY_DELETE) && kept != null) {
                long ms = Long.parseLong(kept.value().strip());
                if (ms > 0) {
                    retention.put(topic, ms);
                }
            }
        }
        return retention;
    }
}
