package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.LogDirs;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.LogOffsets.Offset;
import io.qicore.mcp.kafka.internal.read.TopicConfigs;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code get_topic_metadata}: four requests, three of them at once. Sizes and times cost two more and one for
 * each leading broker, so they are there on request.
 */
public final class GetTopicMetadataTool {

    public record Arguments(
            String topic,

            @Schema(value = "Also size and time span", defaultValue = "false")
            boolean details,

            @Schema(minimum = 1, maximum = 10_000, defaultValue = "200")
            int maxPartitions) {}

    record Partition(
            int partition,

            @Schema("Left out while there is none") @Nullable
            Integer leader,

            List<Integer> replicas,

            List<Integer> isr,

            @Nullable Long earliestOffset,

            @Schema("That the next record gets") @Nullable Long latestOffset,

            @Schema("Of one copy") @Nullable Long sizeBytes,

            @Schema("Why offsets are missing") @Nullable String reason) {}

    record Result(
            String topic,
            @Nullable String topicId,

            boolean internal,

            int partitionCount,

            @Schema("Offsets kept in all partitions that answered")
            long records,

            @Nullable Long sizeBytes,

            @Nullable String oldest,

            @Nullable String newest,

            List<Partition> partitions,

            @Nullable Boolean truncated,

            @Schema("Different from Kafka's defaults; left out if it may not be read") @Nullable
            Map<String, String> configs,

            @Nullable List<String> warnings) {}

    private final AdminSession kafka;
    private final Arguments args;

    private GetTopicMetadataTool(AdminSession kafka, Arguments args) {
        this.kafka = kafka;
        this.args = args;
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("get_topic_metadata", Arguments.class, Result.class)
                .title("Describe a topic")
                .description("Describes a topic: partitions, offsets, configuration that differs from the defaults.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> describe(handle.session(context), args))
                .build();
    }

    public static Result describe(AdminSession kafka, Arguments args) {
        return new GetTopicMetadataTool(kafka, args).describe();
    }

    private Result describe() {
        String name = args.topic();
        TopicDescription topic = Topics.describe(kafka, name);
        List<TopicPartitionInfo> all = topic.partitions();
        List<TopicPartition> led = Topics.led(topic);
        var earliest = LogOffsets.request(kafka, led, OffsetSpec.earliest());
        var latest = LogOffsets.request(kafka, led, OffsetSpec.latest());
        var configs = TopicConfigs.request(kafka, List.of(name));
        List<TopicPartition> timed = args.details() ? led : List.of();
        var oldest = LogOffsets.request(kafka, timed, OffsetSpec.forTimestamp(0));
        var newest = LogOffsets.request(kafka, timed, OffsetSpec.maxTimestamp());
        var warnings = new Warnings();
        var logs = args.details() ? LogDirs.ofLeaders(kafka, all).await(warnings) : LogDirs.Answer.NONE;
        Map<TopicPartition, Long> sizes = logs.sizes();
        List<Partition> rows = new ArrayList<>(all.size());
        for (TopicPartitionInfo info : all) {
            var id = new TopicPartition(name, info.partition());
            rows.add(row(info, earliest.await(id), latest.await(id), sizes.get(id)));
        }
        return new Result(
                name,
                // Brokers before 2.8 know no topic ids.
                Uuid.ZERO_UUID.equals(topic.topicId()) ? null : topic.topicId().toString(),
                Permissions.internal(name),
                rows.size(),
                rows.stream().mapToLong(GetTopicMetadataTool::records).sum(),
                size(rows),
                text(timestamps(oldest, timed).min(Comparator.naturalOrder())),
                text(timestamps(newest, timed).max(Comparator.naturalOrder())),
                rows.subList(0, Math.min(args.maxPartitions(), rows.size())),
                rows.size() > args.maxPartitions() ? true : null,
                overrides(configs),
                warnings.orNull());
    }

    private static Partition row(TopicPartitionInfo partition, Offset first, Offset next, @Nullable Long size) {
        Node leader = Topics.leader(partition);
        MCPToolError error = first.error() == null ? next.error() : first.error();
        return new Partition(
                partition.partition(),
                leader == null ? null : leader.id(),
                ids(partition.replicas()),
                ids(partition.isr()),
                first.offset(),
                next.offset(),
                size,
                error == null ? null : error.code());
    }

    private @Nullable Map<String, String> overrides(TopicConfigs requested) {
        try {
            return TopicConfigs.overrides(requested.await(args.topic()));
        } catch (MCPToolError e) {
            // Reading configuration is a permission of its own; the rest of the answer does not need it.
            if (e.is(StandardErrorCode.NOT_AUTHORIZED)) {
                return null;
            }
            throw e;
        }
    }

    private static long records(Partition row) {
        return row.earliestOffset() == null || row.latestOffset() == null
                ? 0
                : row.latestOffset() - row.earliestOffset();
    }

    /** A sum that lacks partitions would be taken for the size: rather none. */
    private static @Nullable Long size(List<Partition> rows) {
        long sum = 0;
        for (Partition row : rows) {
            if (row.sizeBytes() == null) {
                return null;
            }
            sum += row.sizeBytes();
        }
        return sum;
    }

    /** From the brokers' time indexes; partitions that fail are left out, for their offsets say why. */
    private static Stream<Instant> timestamps(LogOffsets requested, List<TopicPartition> partitions) {
        return partitions.stream()
                .map(partition -> requested.await(partition).timestamp())
                .filter(Objects::nonNull);
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }
}
