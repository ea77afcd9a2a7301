package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.PartitionProducers;
import io.qicore.mcp.kafka.internal.read.PartitionProducers.Open;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code find_open_transactions}: looks where the last stable offset is behind the high watermark, asks the
 * leaders of these partitions who writes, and the coordinators what they know of it (KIP-664). The number of requests
 * depends on the number of brokers, not of partitions.
 *
 * <p>A transaction hangs when no coordinator will end it. Before that is said, the leaders are asked again: it may have
 * ended between the questions.
 */
public final class FindOpenTransactionsTool {

    private static final int MAX_PARTITIONS = 20;
    private static final long MILLIS = 1_000;

    record Arguments(
            @Nullable String topic,

            @Schema(minimum = 0, defaultValue = "60") long olderThanSeconds,

            @Schema(minimum = 1, maximum = 500, defaultValue = "20")
            int limit) {}

    record Blocked(
            String topic,
            int partition,

            long startOffset,

            @Schema("Records that read_committed consumers do not get")
            long lsoLag) {}

    record Transaction(
            long producerId,
            int producerEpoch,
            @Nullable String transactionalId,

            @Nullable String state,

            @Schema("Never ends by itself, as far as coordinators may be asked")
            boolean hanging,

            @Schema("If hanging: since its last record") long openSeconds,

            @Nullable Long timeoutSeconds,

            int partitionCount,
            List<Blocked> partitions) {}

    record Result(
            List<Transaction> transactions,
            int count,

            @Schema("By transactions of any age") int blockedPartitions,

            @Nullable Boolean truncated,

            @Nullable List<String> warnings) {}

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
                .description("Finds transactions that hold back read_committed consumers, and whether they hang.")
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
        List<Open> open = PartitionProducers.read(kafka, hidden.keySet(), warnings);
        TransactionCoordinators coordinators = TransactionCoordinators.read(
                kafka, open.stream().map(Open::producerId).collect(Collectors.toSet()), warnings);
        Set<Open> hanging = hanging(open, coordinators);
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
                (int) open.stream().map(Open::partition).distinct().count(),
                truncated ? true : null,
                warnings.orNull());
    }

    /**
     * Where open transactions hide records: two requests to each leading broker, whatever the number of partitions.
     *
     * @return by partition, how many offsets lie between its last stable offset and its high watermark; only where there
     *     are any
     */
    private Map<TopicPartition, Long> hidden(Collection<TopicDescription> topics) {
        List<TopicPartition> led =
                topics.stream().flatMap(topic -> Topics.led(topic).stream()).toList();
        // Both at once: what is written in the meantime can look hidden, and is then found to be no open transaction.
        var stable = LogOffsets.request(kafka, led, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        var watermarks = LogOffsets.request(kafka, led, OffsetSpec.latest());
        Map<TopicPartition, Long> hidden = new LinkedHashMap<>();
        for (TopicPartition partition : led) {
            // One sentence for a topic, of which warnings keep one.
            var operation = KafkaOperation.toRead(
                    "read the offsets of topic '" + partition.topic() + "'", Map.of("topic", partition.topic()));
            warnings.attempt(() -> watermarks.offset(partition, operation) - stable.offset(partition, operation))
                    .filter(lag -> lag > 0)
                    .ifPresent(lag -> hidden.put(partition, lag));
        }
        return hidden;
    }

    private Set<Open> hanging(List<Open> open, TransactionCoordinators coordinators) {
        if (!coordinators.complete()) {
            return Set.of();
        }
        Set<Open> suspects = new HashSet<>();
        for (Open transaction : open) {
            Known known = coordinators.byProducer().get(transaction.producerId());
            if (known == null || !known.owns(transaction.partition(), transaction.epoch())) {
                suspects.add(transaction);
            }
        }
        Set<TopicPartition> partitions = suspects.stream().map(Open::partition).collect(Collectors.toSet());
        List<Open> still = PartitionProducers.read(kafka, partitions, warnings);
        suspects.removeIf(suspect -> still.stream().noneMatch(suspect::isSame));
        return suspects;
    }

    private static Map<Producer, List<Open>> byProducer(List<Open> open) {
        Map<Producer, List<Open>> grouped = new LinkedHashMap<>();
        open.forEach(transaction -> grouped.computeIfAbsent(
                        new Producer(transaction.producerId(), transaction.epoch()), unused -> new ArrayList<>())
                .add(transaction));
        return grouped;
    }

    private Transaction transaction(
            Producer producer,
            List<Open> open,
            @Nullable Known known,
            Set<Open> hanging,
            Map<TopicPartition, Long> hidden) {
        var description = known == null ? null : known.description();
        boolean hangs = open.stream().anyMatch(hanging::contains);
        long lastRecord = open.stream().mapToLong(Open::lastTimestamp).max().orElseThrow();
        // A coordinator that does not own it may be in a later transaction of the same producer.
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
