package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.LogDirs;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.LogOffsets.Offset;
import io.qicore.mcp.kafka.internal.read.PartitionList;
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
 * Makes the tool {@code get_topic_metadata}. A call sends four requests, three of them at once. Sizes and times take two
 * more and one to each leading broker, so they are read only if the caller asks for details.
 */
public final class GetTopicMetadataTool {

    public record Arguments(
            @Schema("Topic name") String topic,

            @Schema(
                    value = "Also return sizes on disk and times of the oldest and newest record",
                    defaultValue = "false")
            boolean details,

            @Schema(value = "Maximum partitions to list", minimum = 1, maximum = 10_000, defaultValue = "200")
            int maxPartitions) {}

    record Partition(
            @Schema("The number of the partition") int partition,

            @Schema("The id of the broker that leads the partition; absent if it does not have a leader") @Nullable
            Integer leader,

            @Schema("The ids of the brokers that should hold a replica")
            List<Integer> replicas,

            @Schema("The ids of the brokers whose replica is in sync")
            List<Integer> isr,

            @Schema("The offset of the first record that is kept; absent if it could not be read") @Nullable
            Long earliestOffset,

            @Schema("The end offset, which the next record gets; absent if it could not be read") @Nullable
            Long latestOffset,

            @Schema("The size on disk of one replica in bytes; only with details, absent if it is not known") @Nullable
            Long sizeBytes,

            @Schema("The error code that tells why the offsets could not be read; absent if they could") @Nullable
            String reason) {}

    record Result(
            @Schema("The name of the topic") String topic,

            @Schema("The id of the topic; absent before Kafka 2.8") @Nullable
            String topicId,

            @Schema("Whether it is an internal topic of Kafka")
            boolean internal,

            @Schema("The number of all its partitions") int partitionCount,

            @Schema("The number of its records: end offset minus first offset, summed over all partitions that could be"
                    + " read. Compaction and transactions make it larger than the true number")
            long records,

            @Schema(
                    "The size on disk of one replica of all partitions, in bytes; only with details, absent if a size is"
                            + " not known")
            @Nullable
            Long sizeBytes,

            @Schema("The timestamp of the oldest record; only with details, absent if it is not known") @Nullable
            String oldest,

            @Schema("The timestamp of the newest record; only with details, absent if it is not known") @Nullable
            String newest,

            @Schema("The partitions, sorted by number, at most maxPartitions")
            List<Partition> partitions,

            @Schema("true if there are more partitions than maxPartitions; otherwise absent") @Nullable
            Boolean truncated,

            @Schema("The settings that differ from Kafka's defaults, by name; absent if the server may not read them")
            @Nullable
            Map<String, String> configs,

            @Schema("Messages about data that could not be read; the result is incomplete without it") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final Arguments args;

    private GetTopicMetadataTool(AdminSession kafka, Arguments args) {
        this.kafka = kafka;
        this.args = args;
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("get_topic_metadata", Arguments.class, Result.class)
                .title("Describe a topic")
                .description(
                        "Describes one topic: leader, replicas and offsets of its partitions, number of records, and"
                                + " settings that differ from Kafka's defaults. For topic names use list_topics, for problems"
                                + " of all topics get_cluster_health.")
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
        List<TopicPartition> unread = rows.stream()
                .filter(row -> row.reason() != null)
                .map(row -> new TopicPartition(name, row.partition()))
                .toList();
        if (!unread.isEmpty()) {
            warnings.add("records is without the partitions that could not be read: "
                    + PartitionList.byTopic(unread).get(name) + ".");
        }
        return new Result(
                name,
                // Brokers before 2.8 do not have topic ids.
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
            // Reading the configuration needs an ACL that the rest of the answer does not need.
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

    /** Returns the sum of the sizes, or null if one is not known: a partial sum would be mistaken for the size. */
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

    /** Returns the known timestamps. Partitions that fail are left out: their rows have the reason. */
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
