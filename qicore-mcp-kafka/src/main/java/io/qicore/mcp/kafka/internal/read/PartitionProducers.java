package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;

/** Who writes to partitions in a transaction, as the partitions' leaders know it: one request for each of them. */
public final class PartitionProducers {

    /**
     * A transaction that is open on a partition.
     *
     * @param startOffset of its first record there
     * @param lastTimestamp of its latest record there, in milliseconds
     */
    public record Open(TopicPartition partition, long producerId, int epoch, long startOffset, long lastTimestamp) {

        /** Whether it is the same transaction, which may have got more records. */
        public boolean isSame(Open other) {
            return partition.equals(other.partition)
                    && producerId == other.producerId
                    && startOffset == other.startOffset;
        }
    }

    private PartitionProducers() {}

    /** The open transactions of the partitions. */
    public static List<Open> read(AdminSession kafka, Collection<TopicPartition> partitions, Warnings warnings) {
        if (partitions.isEmpty()) {
            return List.of();
        }
        var requested = kafka.admin().describeProducers(partitions, kafka.bounded(new DescribeProducersOptions()));
        List<Open> open = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            var operation = KafkaOperation.toRead(
                    "read the producers of topic '" + partition.topic() + "'", Map.of("topic", partition.topic()));
            warnings.attempt(() -> kafka.await(requested.partitionResult(partition), operation))
                    .ifPresent(state -> state.activeProducers().stream()
                            .filter(producer ->
                                    producer.currentTransactionStartOffset().isPresent())
                            .map(producer -> open(partition, producer))
                            .forEach(open::add));
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
