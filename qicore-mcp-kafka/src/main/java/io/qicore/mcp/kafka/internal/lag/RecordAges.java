package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaErrors;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the age of the oldest unread records of a group from their timestamps. It reads them without a group id, so it
 * commits nothing and does not affect other consumers. For use by one call.
 */
public final class RecordAges {

    private static final int MAX_PARTITIONS = 50;
    private static final Duration MAX_TIME = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);

    private final @Nullable KafkaConnection connection;
    private final AdminSession kafka;
    private final Warnings warnings;

    public RecordAges(@Nullable KafkaConnection connection, AdminSession kafka, Warnings warnings) {
        this.connection = connection;
        this.kafka = kafka;
        this.warnings = warnings;
    }

    /** Returns the lag with the ages of its worst partitions. Ages not read in time are left out, with a warning. */
    public GroupLag fill(GroupLag group) {
        if (connection == null) {
            warnings.add("The age of records is unknown, because this server has an Admin client only. Reading records"
                    + " requires a KafkaConnection.");
            return group;
        }
        Map<TopicPartition, Long> next = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        group.partitions().stream()
                .sorted(PartitionLag.WORST_FIRST)
                .limit(MAX_PARTITIONS)
                .forEach(row -> {
                    Long from = row.next();
                    // If everything up to the end has been deleted, there is no record whose age could be read.
                    if (from != null && row.endOffset() != null && row.behind()) {
                        next.put(row.id(), from);
                        ends.put(row.id(), row.endOffset());
                    }
                });
        if (next.isEmpty()) {
            return group;
        }
        Map<TopicPartition, Long> written = timestamps(connection, next, ends);
        long now = System.currentTimeMillis();
        List<PartitionLag> rows = new ArrayList<>();
        for (PartitionLag row : group.partitions()) {
            Long time = written.get(row.id());
            rows.add(time == null ? row : row.withAge(Math.max(0, now - time) / 1000));
        }
        return group.withAges(rows);
    }

    /**
     * Returns the timestamps of the first records at or after offsets, in milliseconds since 1970.
     *
     * @param ends the end offset of each partition
     */
    public Map<TopicPartition, Long> oldest(Map<TopicPartition, Long> next, Map<TopicPartition, Long> ends) {
        return connection == null ? Map.of() : timestamps(connection, next, ends);
    }

    private Map<TopicPartition, Long> timestamps(
            KafkaConnection connectTo, Map<TopicPartition, Long> next, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> found = new HashMap<>();
        Set<TopicPartition> open = new HashSet<>(next.keySet());
        var consumer = new KafkaConsumer<>(
                connectTo.with(properties()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            consumer.assign(next.keySet());
            next.forEach(consumer::seek);
            Duration budget = kafka.remaining().dividedBy(2);
            long until = System.nanoTime() + (budget.compareTo(MAX_TIME) < 0 ? budget : MAX_TIME).toNanos();
            while (!open.isEmpty() && System.nanoTime() < until) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    found.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.timestamp());
                }
                consumer.pause(found.keySet());
                // The rest of a log can hold no record: markers of transactions, or what compaction has left.
                open.removeIf(partition -> found.containsKey(partition) || passed(consumer, partition, ends));
            }
            if (!open.isEmpty()) {
                warnings.add("The oldest unread records of " + PartitionList.byTopic(open)
                        + " could not be read in time, so their age is missing.");
            }
            return found;
        } catch (InterruptException e) {
            throw new MCPToolError(
                    StandardErrorCode.DEADLINE_EXCEEDED,
                    "The call was cancelled before the oldest unread records were read.",
                    Map.of(),
                    e);
        } catch (KafkaException e) {
            warnings.add(KafkaErrors.of(
                            e, KafkaOperation.toRead("read the oldest unread records", Map.of()), kafka.cluster())
                    .getMessage());
            return found;
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        }
    }

    private static boolean passed(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, Map<TopicPartition, Long> ends) {
        try {
            return consumer.position(partition, Duration.ZERO) >= Objects.requireNonNull(ends.get(partition));
        } catch (TimeoutException e) {
            // The record has been deleted meanwhile, and the client looks for the next one.
            return false;
        }
    }

    private static Map<String, Object> properties() {
        return Map.of(
                // The first broker that is asked may hang. The client asks another one after this time.
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                1_000,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                16 * 1024,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                100);
    }
}
