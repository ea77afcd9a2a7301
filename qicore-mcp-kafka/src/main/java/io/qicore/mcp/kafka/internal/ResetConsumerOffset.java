package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.KafkaErrorCode;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code reset_consumer_offset}. Looks before it writes, because brokers accept nearly anything: a group or a
 * partition that does not exist, and an offset outside the log, which consumers would answer with their own
 * {@code auto.offset.reset}. Members that join between the look and the write are refused by the broker.
 */
final class ResetConsumerOffset {

    private static final int MAX_CLIENT_IDS = 10;

    record Args(
            @Schema(value = "Consumer group", minLength = 1) String groupId,

            @Schema(value = "Name of the topic", minLength = 1)
            String topic,

            @Schema(value = "Partition number", minimum = 0) int partition,

            @Schema("Where the group goes on: 'earliest', 'latest', or the offset of a record as text, such as '4711'")
            String offset) {}

    record Result(
            boolean success,

            @Schema("The arguments") Args reset,

            @Schema("Offset before; left out if the group had none on the partition") @Nullable
            Long previousOffset,

            @Schema("Offset of the record that the group consumes next")
            long newOffset) {}

    private final AdminSession kafka;
    private final Args args;
    private final TopicPartition partition;

    private ResetConsumerOffset(AdminSession kafka, Args args) {
        this.kafka = kafka;
        this.args = args;
        this.partition = new TopicPartition(args.topic(), args.partition());
    }

    static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("reset_consumer_offset", Args.class, Result.class)
                .title("Move a consumer group")
                .description("Moves a consumer group to another offset on one partition, so that it consumes records"
                        + " again (backward) or never (forward). The group must have no running consumers.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .handler((args, context) -> new ResetConsumerOffset(handle.session(context), args).reset())
                .build();
    }

    private Result reset() {
        kafka.permissions().requireGroup(args.groupId());
        var requestedTopic = Topics.request(kafka, args.topic());
        var requestedGroup = kafka.admin()
                .describeConsumerGroups(List.of(args.groupId()), kafka.bounded(new DescribeConsumerGroupsOptions()))
                .describedGroups()
                .get(args.groupId());
        List<TopicPartitionInfo> only = List.of(existingPartition(Topics.await(kafka, requestedTopic, args.topic())));
        var group = Objects.requireNonNull(requestedGroup);
        try {
            requireInactive(kafka.await(group, attemptToRead("describe group")));
        } catch (MCPToolError e) {
            throw e.is(KafkaErrorCode.GROUP_NOT_FOUND) ? unknownGroup(e) : e;
        }

        var requestedFirst = LogOffsets.request(kafka, args.topic(), only, OffsetSpec.earliest());
        var requestedEnd = LogOffsets.request(kafka, args.topic(), only, OffsetSpec.latest());
        Long previous = committed();
        long target = target(
                Objects.requireNonNull(requestedFirst.await().get(args.partition()))
                        .orThrow(),
                Objects.requireNonNull(requestedEnd.await().get(args.partition()))
                        .orThrow());
        commit(target);
        return new Result(true, args, previous, target);
    }

    private TopicPartitionInfo existingPartition(TopicDescription topic) {
        int count = topic.partitions().size();
        return topic.partitions().stream()
                .filter(info -> info.partition() == args.partition())
                .findFirst()
                .orElseThrow(() -> new MCPToolError(
                        KafkaErrorCode.INVALID_PARTITIONS,
                        "Topic '" + args.topic() + "' has no partition " + args.partition() + ": its " + count
                                + (count == 1 ? " partition is 0." : " partitions are 0 to " + (count - 1) + "."),
                        Map.of("topic", args.topic(), "partition", args.partition(), "partitions", count)));
    }

    private void requireInactive(ConsumerGroupDescription group) {
        // Brokers before 4.0 describe a group that does not exist as a dead one.
        if (group.groupState() == GroupState.DEAD) {
            throw unknownGroup(null);
        }
        if (group.members().isEmpty()) {
            return;
        }
        List<String> clientIds = group.members().stream()
                .map(MemberDescription::clientId)
                .distinct()
                .sorted()
                .limit(MAX_CLIENT_IDS)
                .toList();
        int members = group.members().size();
        throw new MCPToolError(
                KafkaErrorCode.GROUP_ACTIVE,
                "Group '" + args.groupId() + "' has " + members
                        + (members == 1 ? " running consumer" : " running consumers")
                        + " (client ids: " + String.join(", ", clientIds)
                        + "). Stop them, then reset; a stopped consumer stays a member until its session times out.",
                Map.of("groupId", args.groupId(), "members", members, "clientIds", clientIds));
    }

    private MCPToolError unknownGroup(@Nullable MCPToolError cause) {
        return Groups.list(kafka).absent(args.groupId(), cause);
    }

    private @Nullable Long committed() {
        var spec = new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition));
        OffsetAndMetadata commit = kafka.await(
                        kafka.admin()
                                .listConsumerGroupOffsets(
                                        Map.of(args.groupId(), spec),
                                        kafka.bounded(new ListConsumerGroupOffsetsOptions()))
                                .partitionsToOffsetAndMetadata(args.groupId()),
                        attemptToRead("read the offsets of group"))
                .get(partition);
        return commit == null ? null : commit.offset();
    }

    private long target(long earliest, long latest) {
        return switch (args.offset().strip()) {
            case "earliest" -> earliest;
            case "latest" -> latest;
            default -> number(earliest, latest);
        };
    }

    private long number(long earliest, long latest) {
        try {
            long offset = Long.parseLong(args.offset().strip());
            if (earliest <= offset && offset <= latest) {
                return offset;
            }
        } catch (NumberFormatException e) {
            throw invalidOffset(earliest, latest, e);
        }
        throw invalidOffset(earliest, latest, null);
    }

    private MCPToolError invalidOffset(long earliest, long latest, @Nullable Throwable cause) {
        return new MCPToolError(
                KafkaErrorCode.INVALID_OFFSET,
                "Offset '" + args.offset() + "' is not possible: partition " + args.partition() + " of topic '"
                        + args.topic() + "' takes 'earliest', 'latest' or " + earliest + " to " + latest + ".",
                Map.of(
                        "topic", args.topic(),
                        "partition", args.partition(),
                        "offset", args.offset(),
                        "earliest", earliest,
                        "latest", latest),
                cause);
    }

    private void commit(long offset) {
        var attempt = Attempt.toChange(
                "move group '" + args.groupId() + "' to offset " + offset + " of partition " + args.partition()
                        + " of topic '" + args.topic() + "'",
                Map.of("groupId", args.groupId(), "topic", args.topic(), "partition", args.partition()));
        try {
            kafka.await(
                    kafka.writer()
                            .alterConsumerGroupOffsets(
                                    args.groupId(),
                                    Map.of(partition, new OffsetAndMetadata(offset)),
                                    kafka.bounded(new AlterConsumerGroupOffsetsOptions()))
                            .partitionResult(partition),
                    attempt);
        } catch (MCPToolError e) {
            throw e.is(KafkaErrorCode.GROUP_ACTIVE) ? becameActive(e) : e;
        }
    }

    private MCPToolError becameActive(MCPToolError cause) {
        return new MCPToolError(
                KafkaErrorCode.GROUP_ACTIVE,
                "Group '" + args.groupId() + "' has running consumers, so its offsets cannot be moved. Stop them, then"
                        + " reset.",
                Map.of("groupId", args.groupId()),
                cause);
    }

    private Attempt attemptToRead(String verb) {
        return Attempt.toRead(verb + " '" + args.groupId() + "'", Map.of("groupId", args.groupId()));
    }
}
