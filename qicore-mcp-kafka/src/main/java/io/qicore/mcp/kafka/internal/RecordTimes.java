package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/**
 * The time that the records of a topic span, from the brokers' time indexes: two requests. Made by {@link #request},
 * which does not wait.
 */
final class RecordTimes {

    /**
     * Timestamps of records.
     *
     * @param oldest of the first record kept; null if there is none or it cannot be known
     * @param newest the latest one
     */
    record Span(@Nullable Instant oldest, @Nullable Instant newest) {}

    private final AdminSession kafka;
    private final String topic;
    private final Map<TopicPartition, OffsetSpec> asked;
    private final @Nullable ListOffsetsResult first;
    private final @Nullable ListOffsetsResult last;

    private RecordTimes(AdminSession kafka, String topic, List<TopicPartitionInfo> partitions) {
        this.kafka = kafka;
        this.topic = topic;
        this.asked = specs(topic, partitions, OffsetSpec.forTimestamp(0));
        this.first = list(asked);
        this.last = list(specs(topic, partitions, OffsetSpec.maxTimestamp()));
    }

    /** Asks for the timestamps of the partitions that have a leader. */
    static RecordTimes request(AdminSession kafka, String topic, List<TopicPartitionInfo> partitions) {
        return new RecordTimes(kafka, topic, partitions);
    }

    /**
     * Waits for the answers; partitions that fail are left out, for their offsets say why.
     *
     * @throws MCPToolError only when the call was cancelled
     */
    Span await() {
        Instant oldest = null;
        Instant newest = null;
        for (TopicPartition partition : asked.keySet()) {
            Instant begin = timestamp(first, partition);
            Instant end = timestamp(last, partition);
            oldest = oldest == null || begin != null && begin.isBefore(oldest) ? begin : oldest;
            newest = newest == null || end != null && end.isAfter(newest) ? end : newest;
        }
        return new Span(oldest, newest);
    }

    private @Nullable Instant timestamp(@Nullable ListOffsetsResult result, TopicPartition partition) {
        if (result == null) {
            return null;
        }
        var attempt = Attempt.toRead("read the timestamps of topic '" + topic + "'", Map.of("topic", topic));
        try {
            long timestamp =
                    kafka.await(result.partitionResult(partition), attempt).timestamp();
            return timestamp < 0 ? null : Instant.ofEpochMilli(timestamp);
        } catch (MCPToolError e) {
            if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            return null;
        }
    }

    private @Nullable ListOffsetsResult list(Map<TopicPartition, OffsetSpec> specs) {
        return specs.isEmpty() ? null : kafka.admin().listOffsets(specs, kafka.bounded(new ListOffsetsOptions()));
    }

    private static Map<TopicPartition, OffsetSpec> specs(
            String topic, List<TopicPartitionInfo> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> specs = new LinkedHashMap<>();
        for (TopicPartitionInfo partition : partitions) {
            if (Topics.leader(partition) != null) {
                specs.put(new TopicPartition(topic, partition.partition()), spec);
            }
        }
        return specs;
    }
}
