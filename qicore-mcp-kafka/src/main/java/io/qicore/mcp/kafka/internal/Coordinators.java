package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
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
            // Without a description, the listing is all there is: it says that the producer is known. A coordinator that
            // ends a transaction has raised the epoch by one already.
            return description == null
                    || OPEN.contains(description.state())
                            && description.producerEpoch() <= epoch + 1
                            && description.topicPartitions().contains(partition);
        }
    }

    /**
     * Asks for the transactions of producers.
     *
     * @param warnings takes what could not be read
     * @throws MCPToolError only when the call was cancelled
     */
    static Coordinators read(AdminSession kafka, Collection<Long> producerIds, Set<String> warnings) {
        Map<Long, Known> known = new HashMap<>();
        if (producerIds.isEmpty()) {
            return new Coordinators(known, true);
        }
        var options = kafka.bounded(new ListTransactionsOptions().filterProducerIds(producerIds));
        Collection<TransactionListing> listings;
        try {
            listings = kafka.await(
                    kafka.admin().listTransactions(options).all(), Attempt.toRead("list the transactions", Map.of()));
        } catch (MCPToolError e) {
            warn(e, warnings);
            return new Coordinators(known, false);
        }
        if (!listings.isEmpty()) {
            describe(kafka, listings, known, warnings);
        }
        return new Coordinators(known, true);
    }

    private static void describe(
            AdminSession kafka, Collection<TransactionListing> listings, Map<Long, Known> known, Set<String> warnings) {
        var ids = listings.stream().map(TransactionListing::transactionalId).toList();
        var requested = kafka.admin().describeTransactions(ids, kafka.bounded(new DescribeTransactionsOptions()));
        for (TransactionListing listing : listings) {
            String id = listing.transactionalId();
            TransactionDescription description = null;
            try {
                description = kafka.await(
                        requested.description(id),
                        Attempt.toRead("describe the transaction of '" + id + "'", Map.of("transactionalId", id)));
            } catch (MCPToolError e) {
                warn(e, warnings);
            }
            known.put(listing.producerId(), new Known(id, description));
        }
    }

    private static void warn(MCPToolError error, Set<String> warnings) {
        if (error.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
            throw error;
        }
        warnings.add(error.getMessage());
    }
}
