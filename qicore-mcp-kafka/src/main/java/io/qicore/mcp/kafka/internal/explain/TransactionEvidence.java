package io.qicore.mcp.kafka.internal.explain;

import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.lag.GroupLag;
import io.qicore.mcp.kafka.internal.lag.PartitionLag;
import io.qicore.mcp.kafka.internal.read.OpenTransactions;
import io.qicore.mcp.kafka.internal.read.OpenTransactions.OpenTransaction;
import io.qicore.mcp.kafka.internal.read.TransactionCoordinators;
import io.qicore.mcp.kafka.internal.read.TransactionCoordinators.Known;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Finds the open transactions that hide records of a group, and tells whether they hang, as find_open_transactions does. */
final class TransactionEvidence {

    private TransactionEvidence() {}

    /**
     * An open transaction on a partition of the group.
     *
     * @param hidden number of unread offsets that {@code read_committed} consumers cannot read yet
     * @param hanging whether no coordinator will end it
     * @param openSeconds the time since its start; since its last record if it is hanging or its start is unknown
     * @param timeoutSeconds after which time the coordinator aborts it; null if no coordinator could tell
     * @param transactionalId null if no coordinator could tell
     */
    record Blocking(
            TopicPartition partition,
            long hidden,
            boolean hanging,
            long openSeconds,
            @Nullable Long timeoutSeconds,
            @Nullable String transactionalId) {}

    /** Reads the open transactions on partitions whose last stable offset is before the end. */
    static List<Blocking> read(AdminSession kafka, GroupLag lag, long nowMs, Warnings warnings) {
        Map<TopicPartition, Long> hidden = new HashMap<>();
        for (PartitionLag row : lag.partitions()) {
            if (row.lagToStable() != null && row.waiting() > row.lagToStable()) {
                hidden.put(row.id(), row.waiting() - row.lagToStable());
            }
        }
        List<OpenTransaction> open = OpenTransactions.read(kafka, hidden.keySet(), warnings);
        if (open.isEmpty()) {
            return List.of();
        }
        TransactionCoordinators coordinators = TransactionCoordinators.read(
                kafka, open.stream().map(OpenTransaction::producerId).collect(Collectors.toSet()), warnings);
        Set<OpenTransaction> hanging = coordinators.hanging(kafka, open, warnings);
        List<Blocking> found = new ArrayList<>();
        for (OpenTransaction transaction : open) {
            Known known = coordinators.byProducer().get(transaction.producerId());
            var description = known == null ? null : known.description();
            boolean hangs = hanging.contains(transaction);
            long since = hangs || description == null
                    ? transaction.lastTimestamp()
                    : description.transactionStartTimeMs().orElse(transaction.lastTimestamp());
            found.add(new Blocking(
                    transaction.partition(),
                    hidden.getOrDefault(transaction.partition(), 0L),
                    hangs,
                    Math.max(0, (nowMs - since) / 1000),
                    description == null ? null : description.transactionTimeoutMs() / 1000,
                    known == null ? null : known.transactionalId()));
        }
        return found;
    }
}
