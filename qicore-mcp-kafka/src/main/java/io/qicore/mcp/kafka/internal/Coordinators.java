package io.qicore.mcp.kafka.internal;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the transaction coordinators know of some producers: one request to each broker and one to each coordinator.
 *
 * @param byProducer by producer id
 * @param complete whether every coordinator answered; otherwise a transaction that none knows need not hang
 */
record Coordinators(Map<Long, Known> byProducer, boolean complete) {

    private static final Set<TransactionState> OPEN =
            Set.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    /** A transactional id and, where it could be read, the state of its transaction. */
    record Known(String transactionalId, @Nullable TransactionDescription description) {

        /** Whether the coordinator will end the transaction that is open on this partition. */
        boolean owns(TopicPartition partition, int epoch) {
            // Without a description there is the listing only, which says that the producer is known. A coordinator
            // that ends a transaction may have raised the epoch by one already.
            return description == null
                    || OPEN.contains(description.state())
                            && description.producerEpoch() <= epoch + 1
                            && description.topicPartitions().contains(partition);
        }
    }

    /** Asks for the transactions of producers. */
    static Coordinators read(AdminSession kafka, Collection<Long> producerIds, Warnings warnings) {
        if (producerIds.isEmpty()) {
            return new Coordinators(Map.of(), true);
        }
        var options = kafka.bounded(new ListTransactionsOptions().filterProducerIds(producerIds));
        var listings = warnings.attempt(() -> kafka.await(
                kafka.admin().listTransactions(options).all(), Attempt.toRead("list the transactions", Map.of())));
        return new Coordinators(
                listings.map(known -> describe(kafka, known, warnings)).orElse(Map.of()), listings.isPresent());
    }

    private static Map<Long, Known> describe(
            AdminSession kafka, Collection<TransactionListing> listings, Warnings warnings) {
        Map<Long, Known> known = new HashMap<>();
        if (listings.isEmpty()) {
            return known;
        }
        var ids = listings.stream().map(TransactionListing::transactionalId).toList();
        var requested = kafka.admin().describeTransactions(ids, kafka.bounded(new DescribeTransactionsOptions()));
        for (TransactionListing listing : listings) {
            String id = listing.transactionalId();
            var attempt = Attempt.toRead("describe the transaction of '" + id + "'", Map.of("transactionalId", id));
            var description = warnings.attempt(() -> kafka.await(requested.description(id), attempt));
            known.put(listing.producerId(), new Known(id, description.orElse(null)));
        }
        return known;
    }
}
