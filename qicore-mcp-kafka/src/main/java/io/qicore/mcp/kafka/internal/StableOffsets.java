package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** Where open transactions hide records: two requests to each leading broker, whatever the number of partitions. */
final class StableOffsets {

    /**
     * What was found.
     *
     * @param hidden by partition, how many offsets lie between its last stable offset and its high watermark; only where
     *     there are any
     * @param warnings why partitions may be missing
     */
    record Found(Map<TopicPartition, Long> hidden, List<String> warnings) {}

    private StableOffsets() {}

    /**
     * Compares both ends of every partition that has a leader.
     *
     * @throws MCPToolError only when the call was cancelled
     */
    static Found read(AdminSession kafka, Collection<TopicDescription> topics) {
        Map<TopicPartition, OffsetSpec> specs = new LinkedHashMap<>();
        for (TopicDescription topic : topics) {
            for (TopicPartitionInfo info : topic.partitions()) {
                if (Topics.leader(info) != null) {
                    specs.put(new TopicPartition(topic.name(), info.partition()), OffsetSpec.latest());
                }
            }
        }
        Set<String> warnings = new LinkedHashSet<>();
        Map<TopicPartition, Long> hidden = new LinkedHashMap<>();
        if (specs.isEmpty()) {
            return new Found(hidden, List.of());
        }
        // Both at once: what is written in the meantime can look hidden, and is then found to be no open transaction.
        ListOffsetsResult stable = list(kafka, specs, IsolationLevel.READ_COMMITTED);
        ListOffsetsResult watermarks = list(kafka, specs, IsolationLevel.READ_UNCOMMITTED);
        for (TopicPartition partition : specs.keySet()) {
            var attempt = Attempt.toRead(
                    "read the offsets of topic '" + partition.topic() + "'", Map.of("topic", partition.topic()));
            try {
                long lag = kafka.await(watermarks.partitionResult(partition), attempt)
                                .offset()
                        - kafka.await(stable.partitionResult(partition), attempt)
                                .offset();
                if (lag > 0) {
                    hidden.put(partition, lag);
                }
            } catch (MCPToolError e) {
                if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                    throw e;
                }
                warnings.add(e.getMessage());
            }
        }
        return new Found(hidden, List.copyOf(warnings));
    }

    private static ListOffsetsResult list(
            AdminSession kafka, Map<TopicPartition, OffsetSpec> specs, IsolationLevel isolation) {
        return kafka.admin().listOffsets(specs, kafka.bounded(new ListOffsetsOptions(isolation)));
    }
}
