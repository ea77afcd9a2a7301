package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaErrors;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * How old the oldest records are that a group has not read, by the timestamps of those records. Reads them without a
 * group, so it commits nothing and disturbs nobody. For use by one call.
 */
final class RecordAges {

    private static final int MOST_PARTITIONS = 50;
    private static final Duration MOST_TIME = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);

    private final @Nullable KafkaConnection connection;
    private final AdminSession kafka;
    private final Warnings warnings;

    RecordAges(@Nullable KafkaConnection connection, AdminSession kafka, Warnings warnings) {
        this.connection = connection;
        this.kafka = kafka;
        this.warnings = warnings;
    }

    /** The group with the ages of its worst partitions. What could not be read in time is left out, with a warning. */
    GroupLag fill(GroupLag group) {
        if (connection == null) {
            warnings.add("The age of records is not known: this server was given an Admin only, and reading records"
                    + " takes a KafkaConnection.");
            return group;
        }
        Map<TopicPartition, Long> next = new HashMap<>();
        group.partitions().stream()
                .sorted(PartitionLag.WORST_FIRST)
                .limit(MOST_PARTITIONS)
                .forEach(row -> {
                    if (row.committedOffset() != null && row.behind()) {
                        long lost = row.lost() == null ? 0 : row.lost();
                        next.put(row.id(), row.committedOffset() + lost);
                    }
                });
        if (next.isEmpty()) {
            return group;
        }
        Map<TopicPartition, Long> written = timestamps(connection, next);
        if (written.size() < next.size()) {
            warnings.add("The oldest records of " + (next.size() - written.size())
                    + " partitions could not be read in time; their age is missing.");
        }
        long now = System.currentTimeMillis();
        List<PartitionLag> rows = new ArrayList<>();
        for (PartitionLag row : group.partitions()) {
            Long time = written.get(row.id());
            rows.add(time == null ? row : row.withAge(Math.max(0, now - time) / 1000));
        }
        return group.withAges(rows);
    }

    private Map<TopicPartition, Long> timestamps(KafkaConnection to, Map<TopicPartition, Long> next) {
        Map<TopicPartition, Long> found = new HashMap<>();
        var consumer =
                new KafkaConsumer<>(to.with(properties()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            consumer.assign(next.keySet());
            next.forEach(consumer::seek);
            Duration budget = kafka.remaining().dividedBy(2);
            long until = System.nanoTime() + (budget.compareTo(MOST_TIME) < 0 ? budget : MOST_TIME).toNanos();
            while (found.size() < next.size() && System.nanoTime() < until) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    found.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.timestamp());
                }
                consumer.pause(found.keySet());
            }
            return found;
        } catch (InterruptException e) {
            throw new MCPToolError(
                    StandardErrorCode.DEADLINE_EXCEEDED,
                    "The call was cancelled before the records were read.",
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

    private static Map<String, Object> properties() {
        return Map.of(
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
