package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/**
 * One end of the log of some partitions of a topic, read with one request. Made by {@link #request}, which does not
 * wait, so that several can be on their way at once.
 *
 * <p>Offsets are read uncommitted, so the end is the high watermark: a hanging transaction does not hide records.
 */
final class LogOffsets {

    /**
     * The offset of one partition, or why it is not known.
     *
     * @param offset null if unknown
     * @param error null if known
     */
    record Offset(@Nullable Long offset, @Nullable MCPToolError error) {

        /** The offset, or its error thrown. */
        long orThrow() {
            if (offset == null) {
                throw Objects.requireNonNull(error);
            }
            return offset;
        }
    }

    private final AdminSession kafka;
    private final String topic;
    private final List<TopicPartitionInfo> partitions;
    private final @Nullable ListOffsetsResult result;

    private LogOffsets(
            AdminSession kafka, String topic, List<TopicPartitionInfo> partitions, @Nullable ListOffsetsResult result) {
        this.kafka = kafka;
        this.topic = topic;
        this.partitions = partitions;
        this.result = result;
    }

    /**
     * Asks for the offsets. Partitions without a leader are not asked for: the Admin would retry them until its time is
     * up, and nothing else would be answered until then.
     */
    static LogOffsets request(AdminSession kafka, String topic, List<TopicPartitionInfo> partitions, OffsetSpec end) {
        Map<TopicPartition, OffsetSpec> specs = new LinkedHashMap<>();
        for (TopicPartitionInfo partition : partitions) {
            if (Topics.leader(partition) != null) {
                specs.put(new TopicPartition(topic, partition.partition()), end);
            }
        }
        var options = kafka.bounded(new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED));
        var result = specs.isEmpty() ? null : kafka.admin().listOffsets(specs, options);
        return new LogOffsets(kafka, topic, partitions, result);
    }

    /**
     * Waits for the offsets of all partitions; those that cannot be known carry their error.
     *
     * @return by partition number
     * @throws MCPToolError only when the call was cancelled
     */
    Map<Integer, Offset> await() {
        Map<Integer, Offset> offsets = new LinkedHashMap<>();
        partitions.forEach(partition -> offsets.put(partition.partition(), await(partition)));
        return offsets;
    }

    private Offset await(TopicPartitionInfo partition) {
        if (result == null || Topics.leader(partition) == null) {
            return new Offset(null, withoutLeader(partition.partition()));
        }
        var attempt = Attempt.toRead(
                "read the offsets of partition " + partition.partition() + " of topic '" + topic + "'",
                Map.of("topic", topic, "partition", partition.partition()));
        var id = new TopicPartition(topic, partition.partition());
        try {
            return new Offset(kafka.await(result.partitionResult(id), attempt).offset(), null);
        } catch (MCPToolError e) {
            if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            return new Offset(null, e);
        }
    }

    private MCPToolError withoutLeader(int partition) {
        return new MCPToolError(
                KafkaErrorCode.BROKER_UNAVAILABLE,
                "Partition " + partition + " of topic '" + topic + "' has no leader: every broker with an in-sync copy"
                        + " of it is down. Call again when one is back.",
                Map.of("topic", topic, "partition", partition));
    }
}
