package io.qicore.mcp.kafka.internal;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** Where open transactions hide records: two requests to each leading broker, whatever the number of partitions. */
final class StableOffsets {

    private StableOffsets() {}

    /**
     * Compares both ends of every partition that has a leader.
     *
     * @return by partition, how many offsets lie between its last stable offset and its high watermark; only where there
     *     are any
     */
    static Map<TopicPartition, Long> hidden(
            AdminSession kafka, Collection<TopicDescription> topics, Warnings warnings) {
        Map<TopicPartition, OffsetSpec> specs = new LinkedHashMap<>();
        for (TopicDescription topic : topics) {
            for (TopicPartitionInfo info : topic.partitions()) {
                if (Topics.leader(info) != null) {
                    specs.put(new TopicPartition(topic.name(), info.partition()), OffsetSpec.latest());
                }
            }
        }
        if (specs.isEmpty()) {
            return Map.of();
        }
        // Both at once: what is written in the meantime can look hidden, and is then found to be no open transaction.
        ListOffsetsResult stable = list(kafka, specs, IsolationLevel.READ_COMMITTED);
        ListOffsetsResult watermarks = list(kafka, specs, IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> hidden = new LinkedHashMap<>();
        for (TopicPartition partition : specs.keySet()) {
            var attempt = Attempt.toRead(
                    "read the offsets of topic '" + partition.topic() + "'", Map.of("topic", partition.topic()));
            warnings.attempt(() -> kafka.await(watermarks.partitionResult(partition), attempt)
                                    .offset()
                            - kafka.await(stable.partitionResult(partition), attempt)
                                    .offset())
                    .filter(lag -> lag > 0)
                    .ifPresent(lag -> hidden.put(partition, lag));
        }
        return hidden;
    }

    private static ListOffsetsResult list(
            AdminSession kafka, Map<TopicPartition, OffsetSpec> specs, IsolationLevel isolation) {
        return kafka.admin().listOffsets(specs, kafka.bounded(new ListOffsetsOptions(isolation)));
    }
}
