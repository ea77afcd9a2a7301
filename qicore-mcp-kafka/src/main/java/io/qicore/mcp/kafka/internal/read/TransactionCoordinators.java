package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.OpenTransactions.OpenTransaction;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of producers that the transaction coordinators know. Reading them takes one request to each broker and
 * one to each coordinator.
 *
 * @param byProducer the transactions by producer id
 * @param complete whether every coordinator answered. If not, a transaction that is missing here may not be hanging
 */
public record TransactionCoordinators(Map<Long, Known> byProducer, boolean complete) {

    private static final String STATE_TOPIC = Topic.TRANSACTION_STATE_TOPIC_NAME;

    private static final Set<TransactionState> OPEN =
            Set.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    /**
     * A transaction that a coordinator knows.
     *
     * @param transactionalId null if the caller may not see it
     * @param description null if it could not be read
     */
    public record Known(
            @Nullable String transactionalId, @Nullable TransactionDescription description) {

        /** Returns whether the coordinator will end the transaction that is open on a partition. */
        public boolean owns(TopicPartition partition, int epoch) {
            // Without a description, only the listing tells that the coordinator knows the producer. While it ends a
            // transaction, a coordinator may already have increased the epoch by one.
            return description == null
                    || OPEN.contains(description.state())
                            && description.producerEpoch() <= epoch + 1
                            && description.topicPartitions().contains(partition);
        }
    }

    /** Reads the transactions of producers. */
    public static TransactionCoordinators read(AdminSession kafka, Collection<Long> producerIds, Warnings warnings) {
        if (producerIds.isEmpty()) {
            return new TransactionCoordinators(Map.of(), true);
        }
        var options = kafka.bounded(new ListTransactionsOptions().filterProducerIds(producerIds));
        var listings = warnings.attempt(() -> kafka.await(
                kafka.admin().listTransactions(options).all(),
                KafkaOperation.toRead("list the transactions", Map.of())));
        return new TransactionCoordinators(
                listings.map(known -> describe(kafka, known, warnings)).orElse(Map.of()), listings.isPresent());
    }

    /**
     * Returns those of open transactions that no coordinator will end. Their partitions are read again, because a transaction
     * may have ended between the two requests. If it cannot be known, a transaction is not returned, and the reason is a
     * warning.
     */
    public Set<OpenTransaction> hanging(AdminSession kafka, Collection<OpenTransaction> open, Warnings warnings) {
        if (!complete) {
            return Set.of();
        }
        Set<OpenTransaction> suspects = new HashSet<>();
        for (OpenTransaction transaction : open) {
            Known known = byProducer.get(transaction.producerId());
            if (known == null || !known.owns(transaction.partition(), transaction.epoch())) {
                suspects.add(transaction);
            }
        }
        Set<TopicPartition> partitions =
                suspects.stream().map(OpenTransaction::partition).collect(Collectors.toSet());
        List<OpenTransaction> current = OpenTransactions.read(kafka, partitions, warnings);
        suspects.removeIf(suspect -> current.stream().noneMatch(suspect::isSame));
        boolean unlisted = suspects.stream().anyMatch(suspect -> !byProducer.containsKey(suspect.producerId()));
        if (unlisted && !listed(kafka, warnings)) {
            suspects.removeIf(suspect -> !byProducer.containsKey(suspect.producerId()));
        }
        return suspects;
    }

    /**
     * Returns whether the list of transactions has those of all producers. Brokers leave out, without an error, those whose
     * coordinator is down and those that this server may not describe.
     */
    private static boolean listed(AdminSession kafka, Warnings warnings) {
        try {
            var topic = kafka.await(
                    kafka.admin()
                            .describeTopics(List.of(STATE_TOPIC), kafka.bounded(new DescribeTopicsOptions()))
                            .topicNameValues()
                            .get(STATE_TOPIC),
                    Topics.describing(STATE_TOPIC));
            long down = topic.partitions().stream()
                    .filter(partition -> Topics.leader(partition) == null)
                    .count();
            if (down > 0) {
                warnings.add("Whether transactions hang is not known: " + down + " of "
                        + topic.partitions().size() + " partitions of " + STATE_TOPIC
                        + " have no leader, so the transactions that map to them have no coordinator. Call again when all"
                        + " brokers are up.");
                return false;
            }
        } catch (MCPToolError e) {
            // Without the topic, no broker coordinates a transaction.
            return e.is(KafkaErrorCode.TOPIC_NOT_FOUND) || unknown(e, warnings);
        }
        return maySeeAll(kafka, warnings);
    }

    /** Returns whether this server may describe any transactional id, by asking for one that does not exist. */
    private static boolean maySeeAll(AdminSession kafka, Warnings warnings) {
        String absent = "qicore-mcp-" + UUID.randomUUID();
        var operation = KafkaOperation.toRead(
                "see all transactions, so whether they hang is not known",
                Map.of(),
                Access.toTransactionalId(AclOperation.DESCRIBE, "*"));
        try {
            kafka.await(
                    kafka.admin()
                            .describeTransactions(List.of(absent), kafka.bounded(new DescribeTransactionsOptions()))
                            .description(absent),
                    operation);
            return true;
        } catch (MCPToolError e) {
            return e.getCause() instanceof TransactionalIdNotFoundException || unknown(e, warnings);
        }
    }

    private static boolean unknown(MCPToolError reason, Warnings warnings) {
        if (reason.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
            throw reason;
        }
        warnings.add(reason.getMessage());
        return false;
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
            boolean visible = kafka.permissions().transactionalId(id);
            var operation = visible
                    ? KafkaOperation.toRead(
                            "describe the transaction of '" + id + "'",
                            Map.of("transactionalId", id),
                            Access.toTransactionalId(AclOperation.DESCRIBE, id))
                    : KafkaOperation.toRead(
                            "describe a transaction", Map.of(), Access.toTransactionalId(AclOperation.DESCRIBE, "*"));
            var description = warnings.attempt(() -> kafka.await(requested.description(id), operation));
            known.put(listing.producerId(), new Known(visible ? id : null, description.orElse(null)));
        }
        return known;
    }
}
