package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.LogOffsets.Offset;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
final class GetTopicMetadata {

    record Args(
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
    private final Args args;

    private GetTopicMetadata(AdminSession kafka, Args args) {
        this.kafka = kafka;
        this.args = args;
    }

    static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("get_topic_metadata", Args.class, Result.class)
                .title("Describe a topic")
                .description("Describes a topic: partitions, offsets, configuration that differs from the defaults.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> describe(handle.session(context), args))
                .build();
    }

    static Result describe(AdminSession kafka, Args args) {
        return new GetTopicMetadata(kafka, args).describe();
    }

    private Result describe() {
        String name = args.topic();
        TopicDescription topic = Topics.describe(kafka, name);
        List<TopicPartitionInfo> all = topic.partitions();
        var earliest = LogOffsets.request(kafka, name, all, OffsetSpec.earliest());
        var latest = LogOffsets.request(kafka, name, all, OffsetSpec.latest());
        var configs = TopicConfigs.request(kafka, List.of(name));
        var times = args.details() ? RecordTimes.request(kafka, name, all) : null;
        var warnings = new Warnings();
        var logs = args.details() ? LogDirs.ofLeaders(kafka, all).await(warnings) : LogDirs.Answer.NONE;
        Map<TopicPartition, Long> sizes = logs.sizes();
        Map<Integer, Offset> first = earliest.await();
        Map<Integer, Offset> next = latest.await();
        List<Partition> rows = all.stream()
                .map(info -> row(
                        info,
                        Objects.requireNonNull(first.get(info.partition())),
                        Objects.requireNonNull(next.get(info.partition())),
                        sizes.get(new TopicPartition(name, info.partition()))))
                .toList();
        var span = times == null ? new RecordTimes.Span(null, null) : times.await();
        return new Result(
                name,
                // Brokers before 2.8 know no topic ids.
                Uuid.ZERO_UUID.equals(topic.topicId()) ? null : topic.topicId().toString(),
                Permissions.internal(name),
                rows.size(),
                rows.stream().mapToLong(GetTopicMetadata::records).sum(),
                size(rows),
                text(span.oldest()),
                text(span.newest()),
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

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }
}
