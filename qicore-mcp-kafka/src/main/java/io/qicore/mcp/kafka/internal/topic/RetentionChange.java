package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.LogDirs;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.Schema;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/**
 * A change of the retention of a topic, which can make records expire. Kafka deletes whole segments, so it deletes fewer
 * records than expire, and not at once.
 *
 * @param before the configuration before the change, by name
 * @param after the configuration after the change, by name
 */
record RetentionChange(Map<String, String> before, Map<String, String> after) {

    static final String POLICY = "cleanup.policy";
    static final String DELETE = "delete";

    private static final String COMPACT = "compact";

    private static final String TIME = "retention.ms";
    private static final String SIZE = "retention.bytes";

    record Expiring(
            @Schema(
                    "The number of offsets whose records expire. Kafka deletes whole segments, so it may keep some of them for a"
                            + " while")
            long records,

            @Schema("The number of offsets in the logs of the topic now")
            long ofRecords,

            @Schema("The number of partitions in which records expire")
            int partitions,

            @Schema("true if the number is estimated from sizes, because retention.bytes is lowered; otherwise absent")
            @Nullable
            Boolean estimated) {}

    /** Returns what would expire, or null if the change does not make records expire earlier. */
    @Nullable
    Expiring preview(AdminSession kafka, TopicDescription topic, long nowMillis, Warnings warnings) {
        Long maxAge = shorter(TIME);
        Long maxBytes = shorter(SIZE);
        if (maxAge == null && maxBytes == null) {
            return null;
        }
        List<TopicPartition> led = Topics.led(topic);
        var first = LogOffsets.request(kafka, led, OffsetSpec.earliest());
        var end = LogOffsets.request(kafka, led, OffsetSpec.latest());
        var cut = maxAge == null
                ? first
                : LogOffsets.request(kafka, led, OffsetSpec.forTimestamp(Math.max(0, nowMillis - maxAge)));
        var sizes = maxBytes == null
                ? Map.<TopicPartition, Long>of()
                : LogDirs.ofLeaders(kafka, topic.partitions()).await(warnings).sizes();
        long expiring = 0;
        long all = 0;
        int partitions = 0;
        for (TopicPartitionInfo info : topic.partitions()) {
            var partition = new TopicPartition(topic.name(), info.partition());
            Long from = known(first, partition, warnings);
            Long to = known(end, partition, warnings);
            Long at = known(cut, partition, warnings);
            if (from == null || to == null || at == null) {
                continue;
            }
            // A negative offset means that all records are older.
            long byAge = maxAge == null ? 0 : (at < 0 ? to : at) - from;
            long bySize = bySize(to - from, sizes.get(partition), maxBytes);
            long records = Math.max(byAge, bySize);
            all += to - from;
            expiring += records;
            partitions += records > 0 ? 1 : 0;
        }
        return new Expiring(expiring, all, partitions, maxBytes == null ? null : true);
    }

    /** Returns whether the change turns on compaction, which keeps only the last record of each key. */
    boolean startsCompaction() {
        return compacts(after) && !compacts(before);
    }

    private static boolean compacts(Map<String, String> configs) {
        return configs.getOrDefault(POLICY, DELETE).contains(COMPACT);
    }

    /** Returns the new limit if it is lower than the old one, or null. A negative limit means that there is no limit. */
    private @Nullable Long shorter(String name) {
        long now = limit(before, name);
        long then = limit(after, name);
        return then >= 0 && (now < 0 || then < now) ? then : null;
    }

    private static long limit(Map<String, String> configs, String name) {
        String value = configs.get(name);
        boolean deletes = configs.getOrDefault(POLICY, DELETE).contains(DELETE);
        return value == null || !deletes ? -1 : Long.parseLong(value.strip());
    }

    private static long bySize(long records, @Nullable Long size, @Nullable Long maxBytes) {
        if (size == null || maxBytes == null || size <= maxBytes) {
            return 0;
        }
        return Math.round(records * ((double) (size - maxBytes) / size));
    }

    private static @Nullable Long known(LogOffsets offsets, TopicPartition partition, Warnings warnings) {
        return warnings.attempt(() -> offsets.await(partition).orThrow()).orElse(null);
    }
}
