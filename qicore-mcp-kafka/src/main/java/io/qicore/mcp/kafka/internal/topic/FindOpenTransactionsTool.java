package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.OpenTransactions;
import io.qicore.mcp.kafka.internal.read.OpenTransactions.OpenTransaction;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.kafka.internal.read.TransactionCoordinators;
import io.qicore.mcp.kafka.internal.read.TransactionCoordinators.Known;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tool {@code find_open_transactions}. It finds the partitions whose last stable offset is behind the high
 * watermark, and asks their leaders for the producers and the coordinators for the transactions of these producers
 * (KIP-664). The number of requests depends on the number of brokers, not on the number of partitions.
 *
 * <p>A transaction is hanging if no coordinator will end it. Before a transaction is reported as hanging, the leaders are
 * asked again, because it may have ended between the two requests.
 */
public final class FindOpenTransactionsTool {

    private static final int MAX_PARTITIONS = 20;
    private static final long MILLIS = 1_000;

    record Arguments(
            @Schema("Topic to search; by default all topics") @Nullable
            String topic,

            @Schema(value = "Minimum age of a transaction", minimum = 0, defaultValue = "60")
            long olderThanSeconds,

            @Schema(value = "Maximum transactions to list", minimum = 1, maximum = 500, defaultValue = "20")
            int limit) {}

    record Blocked(
            @Schema("The name of the topic") String topic,
            @Schema("The number of the partition") int partition,

            @Schema("The offset of the first record of the transaction in this partition")
            long startOffset,

            @Schema("The number of offsets between the last stable offset and the high watermark, which read_committed"
                    + " consumers cannot read yet")
            long lsoLag) {}

    record Transaction(
            @Schema("The id of the producer") long producerId,
            @Schema("The epoch of the producer") int producerEpoch,

            @Schema("The transactional id of the producer; absent if no coordinator knows it") @Nullable
            String transactionalId,

            @Schema("The state of the transaction at its coordinator, such as Ongoing; absent if it is not known")
            @Nullable
            String state,

            @Schema(
                    "Whether no coordinator will end the transaction, so that an administrator must abort it. Always false"
                            + " if a coordinator could not be asked, see warnings")
            boolean hanging,

            @Schema(
                    "The time in seconds since the start of the transaction; since the timestamp of its last record if it is"
                            + " hanging or its start is not known")
            long openSeconds,

            @Schema("The time in seconds after which the coordinator aborts the transaction; absent if it is not known")
            @Nullable
            Long timeoutSeconds,

            @Schema("The number of partitions that the transaction blocks")
            int partitionCount,

            @Schema("The first 20 of these partitions") List<Blocked> partitions) {}

    record Result(
            @Schema("The transactions, the oldest first") List<Transaction> transactions,

            @Schema("The number of all transactions that match")
            int count,

            @Schema("The number of partitions that are blocked by a transaction of any age")
            int blockedPartitions,

            @Schema("true if transactions or their partitions are missing from the lists; otherwise absent") @Nullable
            Boolean truncated,

            @Schema("Messages about data that could not be read; the result is incomplete without it") @Nullable
            List<String> warnings) {}

    private record Producer(long id, int epoch) {}

    private final AdminSession kafka;
    private final Arguments args;
    private final Clock clock;
    private final Warnings warnings = new Warnings();

    private FindOpenTransactionsTool(AdminSession kafka, Arguments args, Clock clock) {
        this.kafka = kafka;
        this.args = args;
        this.clock = clock;
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("find_open_transactions", Arguments.class, Result.class)
                .title("Find open transactions")
                .description(
                        "Finds open transactions, which block read_committed consumers, and tells whether they hang. Use"
                                + " it if such consumers stop although records arrive. Example: {\"topic\": \"orders\","
                                + " \"olderThanSeconds\": 900}")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) ->
                        new FindOpenTransactionsTool(handle.session(context), args, Clock.systemUTC()).find())
                .build();
    }

    private Result find() {
        Collection<TopicDescription> topics = args.topic() == null
                ? Topics.describeAll(kafka, Topics.names(kafka, true))
                : List.of(Topics.describe(kafka, args.topic()));
        Map<TopicPartition, Long> hidden = hidden(topics);
        List<OpenTransaction> open = OpenTransactions.read(kafka, hidden.keySet(), warnings);
        TransactionCoordinators coordinators = TransactionCoordinators.read(
                kafka, open.stream().map(OpenTransaction::producerId).collect(Collectors.toSet()), warnings);
        Set<OpenTransaction> hanging = coordinators.hanging(kafka, open, warnings);
        List<Transaction> transactions = byProducer(open).entrySet().stream()
                .map(entry -> transaction(
                        entry.getKey(),
                        entry.getValue(),
                        coordinators.byProducer().get(entry.getKey().id()),
                        hanging,
                        hidden))
                .filter(transaction -> transaction.openSeconds() >= args.olderThanSeconds())
                .sorted(Comparator.comparingLong(Transaction::openSeconds).reversed())
                .toList();
        boolean truncated = transactions.size() > args.limit()
                || transactions.stream().anyMatch(row -> row.partitionCount() > MAX_PARTITIONS);
        return new Result(
                transactions.subList(0, Math.min(args.limit(), transactions.size())),
                transactions.size(),
                (int) open.stream().map(OpenTransaction::partition).distinct().count(),
                truncated ? true : null,
                warnings.orNull());
    }

    /**
     * Finds the partitions where open transactions hide records. Sends two requests to each leading broker, whatever the
     * number of partitions.
     *
     * @return the number of offsets between the last stable offset and the high watermark, for the partitions where it is
     *     more than 0
     */
    private Map<TopicPartition, Long> hidden(Collection<TopicDescription> topics) {
        List<TopicPartition> led =
                topics.stream().flatMap(topic -> Topics.led(topic).stream()).toList();
        // Both requests are sent at once. A record written in between can look hidden, but it does not have an open
        // transaction, so it is not reported.
        var stable = LogOffsets.request(kafka, led, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        var watermarks = LogOffsets.request(kafka, led, OffsetSpec.latest());
        Map<TopicPartition, Long> hidden = new LinkedHashMap<>();
        for (TopicPartition partition : led) {
            // The message names only the topic, so that the warnings have it once for all its partitions.
            var operation = KafkaOperation.toRead(
                    "read the offsets of topic '" + partition.topic() + "'",
                    Map.of("topic", partition.topic()),
                    Access.toTopic(AclOperation.DESCRIBE, partition.topic()));
            warnings.attempt(() -> watermarks.offset(partition, operation) - stable.offset(partition, operation))
                    .filter(lag -> lag > 0)
                    .ifPresent(lag -> hidden.put(partition, lag));
        }
        return hidden;
    }

    private static Map<Producer, List<OpenTransaction>> byProducer(List<OpenTransaction> open) {
        Map<Producer, List<OpenTransaction>> grouped = new LinkedHashMap<>();
        open.forEach(transaction -> grouped.computeIfAbsent(
                        new Producer(transaction.producerId(), transaction.epoch()), unused -> new ArrayList<>())
                .add(transaction));
        return grouped;
    }

    private Transaction transaction(
            Producer producer,
            List<OpenTransaction> open,
            @Nullable Known known,
            Set<OpenTransaction> hanging,
            Map<TopicPartition, Long> hidden) {
        var description = known == null ? null : known.description();
        boolean hangs = open.stream().anyMatch(hanging::contains);
        long lastRecord =
                open.stream().mapToLong(OpenTransaction::lastTimestamp).max().orElseThrow();
        // A coordinator that does not own the transaction may describe a later one of the same producer.
        long since = hangs || description == null
                ? lastRecord
                : description.transactionStartTimeMs().orElse(lastRecord);
        return new Transaction(
                producer.id(),
                producer.epoch(),
                known == null ? null : known.transactionalId(),
                description == null ? null : description.state().toString(),
                hangs,
                Math.max(0, (clock.millis() - since) / MILLIS),
                description == null ? null : description.transactionTimeoutMs() / MILLIS,
                open.size(),
                open.stream()
                        .limit(MAX_PARTITIONS)
                        .map(on -> new Blocked(
                                on.partition().topic(),
                                on.partition().partition(),
                                on.startOffset(),
                                hidden.getOrDefault(on.partition(), 0L)))
                        .toList());
    }
}
