package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tool {@code delete_topic}. The plan takes five requests, whatever the number of groups; the deletion takes one.
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

    private DeleteTopicTool(AdminSession kafka, String name) {
        this.kafka = kafka;
        this.topic = Topics.describe(kafka, name);
        this.records = records();
        this.groups =
                List.copyOf(CommittedOffsets.onTopic(kafka, topic, warnings).keySet());
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
                groups);
    }

    @Override
    public String question() {
        return "Delete topic '" + topic.name() + "' with " + records + " records in "
                + topic.partitions().size() + " partitions? This cannot be undone."
                + (groups.isEmpty() ? "" : " Consumer groups with committed offsets on it: " + groups.size() + ".");
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
                KafkaOperation.toChange("delete topic '" + topic.name() + "'", Map.of("topic", topic.name())));
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
                planHash,
                next,
                warnings.orNull());
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
