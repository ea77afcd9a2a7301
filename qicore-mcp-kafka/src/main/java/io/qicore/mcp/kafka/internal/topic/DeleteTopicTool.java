package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.BrokerConfigs;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.TopicReaders;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tool {@code delete_topic}. The number of requests does not depend on the number of groups.
 */
public final class DeleteTopicTool implements PlannedChange<DeleteTopicTool.Result, RuntimeException> {

    private static final int MAX_GROUPS = 20;

    record Arguments(
            @Schema("Topic name") String topic,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Result(
            @Schema("Whether the change was made") boolean success,

            @Schema("The name of the topic") String topic,
            @Schema("The number of its partitions") int partitions,

            @Schema("The number of its records: end offset minus first offset, summed over all partitions that could be"
                    + " read")
            long records,

            @Schema("The ids of the consumer groups with committed offsets on the topic, at most 20")
            List<String> groups,

            @Schema("The number of all these groups") int groupCount,

            @Schema(
                    "The ids of the groups whose running consumers read the topic now, with or without commits, at most 20;"
                            + " absent if there are none")
            @Nullable
            List<String> activeGroups,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next,

            @Schema("Messages about data that could not be read; the result is incomplete without it") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final TopicDescription topic;
    private final Warnings warnings = new Warnings();
    private final long records;
    private final List<String> groups;
    private final List<String> activeGroups;

    private DeleteTopicTool(AdminSession kafka, String name) {
        this.kafka = kafka;
        this.topic = Topics.describe(kafka, name);
        Topics.requireAccess(kafka, topic, AclOperation.DELETE, deletion());
        requireEnabled();
        this.records = records();
        TopicReaders readers = TopicReaders.of(kafka, topic, warnings);
        this.groups = List.copyOf(readers.commits().keySet());
        this.activeGroups = List.copyOf(readers.live());
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("delete_topic", Arguments.class, Result.class)
                .title("Delete a topic")
                .description("Deletes a topic with all its records. Cannot be undone. To delete only old records use"
                        + " delete_records.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler((args, context) -> {
                    AdminSession kafka = handle.session(context);
                    kafka.permissions().requireChangeableTopic(args.topic());
                    return kafka.confirmation()
                            .run(new DeleteTopicTool(kafka, args.topic()), args.dryRun(), args.planHash(), context);
                })
                .build();
    }

    /**
     * Returns a hash without the number of records, which can change while the user looks at the plan. Whether the topic
     * is empty is part of the hash.
     */
    @Override
    public String hash() {
        return PlanHash.of(
                "delete_topic",
                topic.name(),
                topic.topicId().toString(),
                topic.partitions().size(),
                records > 0,
                groups,
                activeGroups);
    }

    @Override
    public String question() {
        return "Delete topic '" + topic.name() + "' with " + records + " records in "
                + topic.partitions().size() + " partitions? This cannot be undone."
                + (groups.isEmpty() ? "" : " Consumer groups with committed offsets on it: " + groups.size() + ".")
                + (activeGroups.isEmpty() ? "" : " Groups that read it now: " + activeGroups.size() + ".");
    }

    @Override
    public Result preview(String planHash, String next) {
        return result(false, planHash, next);
    }

    @Override
    public Result apply() {
        kafka.await(
                kafka.writer()
                        .deleteTopics(List.of(topic.name()), kafka.bounded(new DeleteTopicsOptions()))
                        .all(),
                deletion());
        return result(true, null, null);
    }

    private Result result(boolean success, @Nullable String planHash, @Nullable String next) {
        return new Result(
                success,
                topic.name(),
                topic.partitions().size(),
                records,
                groups.subList(0, Math.min(MAX_GROUPS, groups.size())),
                groups.size(),
                activeGroups.isEmpty() ? null : activeGroups.subList(0, Math.min(MAX_GROUPS, activeGroups.size())),
                planHash,
                next,
                warnings.orNull());
    }

    private KafkaOperation deletion() {
        return KafkaOperation.toChange(
                "delete topic '" + topic.name() + "'",
                Map.of("topic", topic.name()),
                Access.toTopic(AclOperation.DELETE, topic.name()));
    }

    /** Brokers can be configured to delete no topics. A server that may not read that learns it when it deletes one. */
    private void requireEnabled() {
        Optional<Node> broker = topic.partitions().stream()
                .map(Topics::leader)
                .filter(Objects::nonNull)
                .findFirst();
        if (broker.isEmpty()) {
            return;
        }
        Boolean disabled = BrokerConfigs.find(kafka, broker.get().id(), "delete.topic.enable")
                .map("false"::equals)
                .orElse(false);
        if (disabled) {
            throw new MCPToolError(
                    KafkaErrorCode.POLICY_VIOLATION,
                    "The brokers do not delete topics (delete.topic.enable is false). To delete the records of topic '"
                            + topic.name() + "', use delete_records.",
                    Map.of("topic", topic.name()));
        }
    }

    private long records() {
        List<TopicPartition> led = Topics.led(topic);
        var first = LogOffsets.request(kafka, led, OffsetSpec.earliest());
        var end = LogOffsets.request(kafka, led, OffsetSpec.latest());
        long sum = 0;
        for (TopicPartitionInfo info : topic.partitions()) {
            var id = new TopicPartition(topic.name(), info.partition());
            sum += warnings.attempt(
                            () -> end.await(id).orThrow() - first.await(id).orThrow())
                    .orElse(0L);
        }
        return sum;
    }
}
