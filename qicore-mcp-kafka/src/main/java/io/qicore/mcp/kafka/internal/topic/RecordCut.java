package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
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

/** Where the logs of a topic are to be cut off: by offsets of partitions, or by a time for all of them. */
final class RecordCut {

    /** A partition that loses its first records: its first offset before and after. */
    record Part(int partition, long from, long to) {

        long records() {
            return to - from;
        }
    }

    private final AdminSession kafka;
    private final TopicDescription topic;
    private final Warnings warnings;

    RecordCut(AdminSession kafka, TopicDescription topic, Warnings warnings) {
        this.kafka = kafka;
        this.topic = topic;
        this.warnings = warnings;
    }

    /**
     * The partitions that lose records, by number.
     *
     * @throws MCPToolError {@link StandardErrorCode#INVALID_ARGUMENT} unless exactly one of the arguments is given and
     *     can be read; {@link KafkaErrorCode#INVALID_PARTITIONS} or {@link KafkaErrorCode#INVALID_OFFSET} for what the
     *     topic does not have
     */
    List<Part> parts(@Nullable Map<String, Long> beforeOffsets, @Nullable String beforeTime) {
        if ((beforeOffsets == null || beforeOffsets.isEmpty()) == (beforeTime == null)) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Give either beforeOffsets, such as {\"0\": 4711}, or beforeTime.",
                    Map.of("topic", topic.name()));
        }
        return beforeTime == null ? byOffset(Objects.requireNonNull(beforeOffsets)) : byTime(beforeTime);
    }

    private List<Part> byOffset(Map<String, Long> beforeOffsets) {
        Map<Integer, Long> wanted = new TreeMap<>();
        beforeOffsets.forEach((partition, offset) -> wanted.put(number(partition), offset));
        List<TopicPartitionInfo> infos = topic.partitions().stream()
                .filter(info -> wanted.containsKey(info.partition()))
                .toList();
        List<TopicPartition> led = Topics.led(topic.name(), infos);
        var first = LogOffsets.request(kafka, led, OffsetSpec.earliest());
        var end = LogOffsets.request(kafka, led, OffsetSpec.latest());
        List<Part> parts = new ArrayList<>();
        wanted.forEach((partition, offset) -> {
            var id = new TopicPartition(topic.name(), partition);
            long from = first.await(id).orThrow();
            long last = end.await(id).orThrow();
            if (offset < 0 || offset > last) {
                throw invalidOffset(partition, offset, from, last);
            }
            if (offset > from) {
                parts.add(new Part(partition, from, offset));
            }
        });
        return parts;
    }

    private List<Part> byTime(String beforeTime) {
        OffsetSpec time = OffsetSpec.forTimestamp(millis(beforeTime));
        List<TopicPartition> led = Topics.led(topic);
        var first = LogOffsets.request(kafka, led, OffsetSpec.earliest());
        var end = LogOffsets.request(kafka, led, OffsetSpec.latest());
        var cut = LogOffsets.request(kafka, led, time);
        List<Part> parts = new ArrayList<>();
        for (TopicPartitionInfo info : topic.partitions()) {
            var id = new TopicPartition(topic.name(), info.partition());
            warnings.attempt(() -> {
                        long from = first.await(id).orThrow();
                        long last = end.await(id).orThrow();
                        long found = cut.await(id).orThrow();
                        // No record of that time or later: all are older.
                        return new Part(id.partition(), from, found < 0 ? last : found);
                    })
                    .filter(part -> part.records() > 0)
                    .ifPresent(parts::add);
        }
        return parts;
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
                "Offset " + offset + " is not possible: partition " + partition + " of topic '" + topic.name()
                        + "' keeps " + first + " to " + end + ".",
                Map.of("topic", topic.name(), "partition", partition, "earliest", first, "latest", end));
    }

    private static long millis(String time) {
        try {
            // Kafka has its own meanings for negative times.
            return Math.max(0, OffsetDateTime.parse(time.strip()).toInstant().toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw invalidTime(time, e);
        }
    }

    private static MCPToolError invalidTime(String time, Exception cause) {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "beforeTime '" + time + "' is no time with a zone, such as 2026-11-22T09:00:00Z.",
                Map.of("beforeTime", time),
                cause);
    }
}
