package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.argument.TimeArgument;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/** Plans which records of a topic are deleted: those before an offset of each partition, or those before a time. */
final class RecordDeletionPlanner {

    /** The deletion of the first records of a partition. */
    record PartitionDeletion(
            @Schema("The number of the partition") int partition,
            @Schema("Its first offset before the deletion") long from,
            @Schema("Its first offset after the deletion") long to) {

        long records() {
            return to - from;
        }
    }

    private final AdminSession kafka;
    private final TopicDescription topic;
    private final Warnings warnings;

    RecordDeletionPlanner(AdminSession kafka, TopicDescription topic, Warnings warnings) {
        this.kafka = kafka;
        this.topic = topic;
        this.warnings = warnings;
    }

    /**
     * Returns the deletions, sorted by partition. Partitions that lose no records are left out.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} unless exactly one of the arguments is given and
     *     valid; with {@link KafkaErrorCode#INVALID_PARTITIONS} or {@link KafkaErrorCode#INVALID_OFFSET} if the topic
     *     does not have the partition or the offset
     */
    List<PartitionDeletion> plan(@Nullable Map<String, Long> beforeOffsets, @Nullable String beforeTime) {
        if ((beforeOffsets == null || beforeOffsets.isEmpty()) == (beforeTime == null)) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Give exactly one of beforeOffsets, such as {\"0\": 4711}, and beforeTime.",
                    Map.of("topic", topic.name()));
        }
        return beforeTime == null ? byOffset(Objects.requireNonNull(beforeOffsets)) : byTime(beforeTime);
    }

    private List<PartitionDeletion> byOffset(Map<String, Long> beforeOffsets) {
        Map<Integer, Long> wanted = new TreeMap<>();
        beforeOffsets.forEach((partition, offset) -> {
            if (wanted.put(number(partition), offset) != null) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "beforeOffsets gives partition " + number(partition) + " more than once.",
                        Map.of("topic", topic.name(), "partition", partition));
            }
        });
        List<TopicPartitionInfo> infos = topic.partitions().stream()
                .filter(info -> wanted.containsKey(info.partition()))
                .toList();
        List<TopicPartition> led = Topics.led(topic.name(), infos);
        var first = LogOffsets.request(kafka, led, OffsetSpec.earliest());
        var end = LogOffsets.request(kafka, led, OffsetSpec.latest());
        List<PartitionDeletion> deletions = new ArrayList<>();
        wanted.forEach((partition, offset) -> {
            var id = new TopicPartition(topic.name(), partition);
            long from = first.await(id).orThrow();
            long last = end.await(id).orThrow();
            if (offset < 0 || offset > last) {
                throw invalidOffset(partition, offset, from, last);
            }
            if (offset > from) {
                deletions.add(new PartitionDeletion(partition, from, offset));
            }
        });
        return deletions;
    }

    private List<PartitionDeletion> byTime(String beforeTime) {
        OffsetSpec time = OffsetSpec.forTimestamp(millis(beforeTime));
        List<TopicPartition> led = Topics.led(topic);
        var first = LogOffsets.request(kafka, led, OffsetSpec.earliest());
        var end = LogOffsets.request(kafka, led, OffsetSpec.latest());
        var firstKept = LogOffsets.request(kafka, led, time);
        List<PartitionDeletion> deletions = new ArrayList<>();
        for (TopicPartitionInfo info : topic.partitions()) {
            var id = new TopicPartition(topic.name(), info.partition());
            warnings.attempt(() -> {
                        long from = first.await(id).orThrow();
                        long last = end.await(id).orThrow();
                        long found = firstKept.await(id).orThrow();
                        // A negative offset means that all records are older.
                        return new PartitionDeletion(id.partition(), from, found < 0 ? last : found);
                    })
                    .filter(deletion -> deletion.records() > 0)
                    .ifPresent(deletions::add);
        }
        return deletions;
    }

    private int number(String partition) {
        int count = topic.partitions().size();
        try {
            int number = Integer.parseInt(partition.strip());
            if (0 <= number && number < count) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalidPartition(partition, count, e);
        }
        throw invalidPartition(partition, count, null);
    }

    private MCPToolError invalidPartition(String partition, int count, @Nullable Throwable cause) {
        return new MCPToolError(
                KafkaErrorCode.INVALID_PARTITIONS,
                "Topic '" + topic.name() + "' has no partition '" + partition + "': its " + count
                        + (count == 1 ? " partition is 0." : " partitions are 0 to " + (count - 1) + "."),
                Map.of("topic", topic.name(), "partition", partition, "partitions", count),
                cause);
    }

    private MCPToolError invalidOffset(int partition, long offset, long first, long end) {
        return new MCPToolError(
                KafkaErrorCode.INVALID_OFFSET,
                "Offset " + offset + " is out of range: the offsets of partition " + partition + " of topic '"
                        + topic.name() + "' are " + first + " to " + end + ".",
                Map.of("topic", topic.name(), "partition", partition, "earliest", first, "latest", end));
    }

    private static long millis(String time) {
        try {
            // Negative times have a special meaning in Kafka.
            return Math.max(0, TimeArgument.parse(time).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw invalidTime(time, e);
        }
    }

    private static MCPToolError invalidTime(String time, Exception cause) {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "beforeTime '" + time + "' is not " + TimeArgument.EXAMPLE + ".",
                Map.of("beforeTime", time),
                cause);
    }
}
