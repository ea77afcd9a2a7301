package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** The first record at or after a time, of many partitions in one request. Made by {@link #request}, which does not wait. */
final class TimedOffsets {

    private final AdminSession kafka;
    private final Map<TopicPartition, OffsetSpec> specs;
    private final ListOffsetsResult result;
    private int unread;

    private TimedOffsets(AdminSession kafka, Map<TopicPartition, OffsetSpec> specs, ListOffsetsResult result) {
        this.kafka = kafka;
        this.specs = specs;
        this.result = result;
    }

    /** @param timesMs by partition, in milliseconds since 1970; at least one */
    static TimedOffsets request(AdminSession kafka, Map<TopicPartition, Long> timesMs) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        timesMs.forEach((partition, time) -> specs.put(partition, OffsetSpec.forTimestamp(time)));
        var result = kafka.admin().listOffsets(specs, kafka.bounded(new ListOffsetsOptions()));
        return new TimedOffsets(kafka, specs, result);
    }

    /**
     * Waits; leaves out partitions that cannot be read.
     *
     * @return -1 for a partition without such a record
     */
    Map<TopicPartition, Long> await() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : specs.keySet()) {
            try {
                var attempt = Attempt.toRead("find offsets by time", Map.of("topic", partition.topic()));
                offsets.put(
                        partition,
                        kafka.await(result.partitionResult(partition), attempt).offset());
            } catch (MCPToolError e) {
                if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                    throw e;
                }
                // A rate or a warning less; the lag of such a partition has its own reason.
                unread++;
            }
        }
        return offsets;
    }

    /** How many partitions could not be read. */
    int unread() {
        return unread;
    }
}
