package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;

/** Reads the open transactions of partitions from their leaders, with one request to each leader. */
public final class OpenTransactions {

    /**
     * A transaction that is open on a partition.
     *
     * @param startOffset the offset of its first record in the partition
     * @param coordinatorEpoch the epoch of the coordinator that ended the last transaction of the producer there; -1 for none
     * @param lastTimestamp the timestamp of its latest record in the partition, in milliseconds since 1970
     */
    public record OpenTransaction(
            TopicPartition partition,
            long producerId,
            int epoch,
            long startOffset,
            int coordinatorEpoch,
            long lastTimestamp) {

        /** Returns whether the other is the same transaction, which may have more records now. */
        public boolean isSame(OpenTransaction other) {
            return partition.equals(other.partition)
                    && producerId == other.producerId
                    && startOffset == other.startOffset;
        }
    }

    private OpenTransactions() {}

    /** Reads the open transactions of partitions. Partitions that fail are left out, with a warning. */
    public static List<OpenTransaction> read(
            AdminSession kafka, Collection<TopicPartition> partitions, Warnings warnings) {
        List<OpenTransaction> open = new ArrayList<>();
        producers(kafka, partitions, warnings).forEach((partition, producers) -> producers.stream()
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .map(producer -> open(partition, producer))
                .forEach(open::add));
        return open;
    }

    /**
     * Reads how many known producers of partitions have ended a transaction, each of which leaves an offset without a record.
     * Partitions that fail are left out, with a warning.
     */
    public static Map<TopicPartition, Integer> ended(
            AdminSession kafka, Collection<TopicPartition> partitions, Warnings warnings) {
        Map<TopicPartition, Integer> ended = new HashMap<>();
        producers(kafka, partitions, warnings)
                .forEach((partition, producers) -> ended.put(partition, (int) producers.stream()
                        .filter(producer -> producer.coordinatorEpoch().isPresent())
                        .count()));
        return ended;
    }

    private static Map<TopicPartition, List<ProducerState>> producers(
            AdminSession kafka, Collection<TopicPartition> partitions, Warnings warnings) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        var requested = kafka.admin().describeProducers(partitions, kafka.bounded(new DescribeProducersOptions()));
        Map<TopicPartition, List<ProducerState>> producers = new LinkedHashMap<>();
        for (TopicPartition partition : partitions) {
            var operation = KafkaOperation.toRead(
                    "read the producers of topic '" + partition.topic() + "'",
                    Map.of("topic", partition.topic()),
                    Access.toTopic(AclOperation.READ, partition.topic()));
            warnings.attempt(() -> kafka.await(requested.partitionResult(partition), operation))
                    .ifPresent(state -> producers.put(partition, state.activeProducers()));
        }
        return producers;
    }

    private static OpenTransaction open(TopicPartition partition, ProducerState producer) {
        return new OpenTransaction(
                partition,
                producer.producerId(),
                producer.producerEpoch(),
                producer.currentTransactionStartOffset().orElseThrow(),
                producer.coordinatorEpoch().orElse(-1),
                producer.lastTimestamp());
    }
}
