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

/** The tool {@code delete_topic}: five requests to plan, whatever the number of groups, and one to delete. */
public final class DeleteTopicTool implements PlannedChange<DeleteTopicTool.Result, RuntimeException> {

    private static final int MAX_GROUPS = 20;

    record Arguments(
            String topic,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Result(
            boolean success,

            String topic,
            int partitions,

            @Schema("Offsets kept in all partitions that answered")
            long records,

            @Schema("With committed offsets on it") List<String> groups,

            int groupCount,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next,

            @Nullable List<String> warnings) {}

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
                .description("Deletes a topic and its records for ever.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler((args, context) -> {
                    AdminSession kafka = handle.session(context);
                    kafka.permissions().requireChangeableTopic(args.topic());
                    return kafka.confirmation()
                            .run(new DeleteTopicTool(kafka, args.topic()), args.dryRun(), args.planHash(), context);
                })
                .build();
    }

    /** Records come and go while a plan is looked at; a topic that was empty and is not any more is another matter. */
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
                + topic.partitions().size() + " partitions, for ever?"
                + (groups.isEmpty() ? "" : " Groups that have read it: " + groups.size() + ".");
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
