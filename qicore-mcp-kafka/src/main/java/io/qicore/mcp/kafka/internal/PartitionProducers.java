package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;

/** Who writes to partitions in a transaction, as the partitions' leaders know it: one request for each of them. */
final class PartitionProducers {

    /**
     * A transaction that is open on a partition.
     *
     * @param startOffset of its first record there
     * @param lastTimestamp of its latest record there, in milliseconds
     */
    record Open(TopicPartition partition, long producerId, int epoch, long startOffset, long lastTimestamp) {

        /** Whether it is the same transaction, which may have got more records. */
        boolean isSame(Open other) {
            return partition.equals(other.partition)
                    && producerId == other.producerId
                    && startOffset == other.startOffset;
        }
    }

    private PartitionProducers() {}

    /**
     * The open transactions of the partitions.
     *
     * @param warnings takes why partitions are missing
     * @throws MCPToolError only when the call was cancelled
     */
    static List<Open> read(AdminSession kafka, Collection<TopicPartition> partitions, Set<String> warnings) {
        if (partitions.isEmpty()) {
            return List.of();
        }
        var requested = kafka.admin().describeProducers(partitions, kafka.bounded(new DescribeProducersOptions()));
        List<Open> open = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            var attempt = Attempt.toRead(
                    "read the producers of topic '" + partition.topic() + "'", Map.of("topic", partition.topic()));
            try {
                kafka.await(requested.partitionResult(partition), attempt).activeProducers().stream()
                        .filter(producer ->
                                producer.currentTransactionStartOffset().isPresent())
                        .map(producer -> open(partition, producer))
                        .forEach(open::add);
            } catch (MCPToolError e) {
                if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                    throw e;
                }
                warnings.add(e.getMessage());
            }
        }
        return open;
    }

    private static Open open(TopicPartition partition, ProducerState producer) {
        return new Open(
                partition,
                producer.producerId(),
                producer.producerEpoch(),
                producer.currentTransactionStartOffset().orElseThrow(),
                producer.lastTimestamp());
    }
}
