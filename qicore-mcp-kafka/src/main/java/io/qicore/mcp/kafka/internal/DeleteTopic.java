package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.LogOffsets.Offset;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.jspecify.annotations.Nullable;

/** The tool {@code delete_topic}: five requests to plan, whatever the number of groups, and one to delete. */
final class DeleteTopic implements PlannedChange<DeleteTopic.Result> {

    private static final int MAX_GROUPS = 20;

    record Args(
            String topic,

            @Schema(defaultValue = "false") boolean dryRun,

            @Schema(Confirmation.ARGUMENT_DESCRIPTION) @Nullable
            String planHash) {}

    record Result(
            boolean success,

            String topic,
            int partitions,

            @Schema("Offsets kept in all partitions that answered")
            long records,

            @Schema("With committed offsets on it") List<String> groups,

            int groupCount,

            @Nullable String planHash,

            @Nullable List<String> warnings) {}

    private final AdminSession kafka;
    private final TopicDescription topic;
    private final Warnings warnings = new Warnings();
    private final long records;
    private final List<String> groups;

    private DeleteTopic(AdminSession kafka, String name) {
        this.kafka = kafka;
        this.topic = Topics.describe(kafka, name);
        this.records = records();
        this.groups = List.copyOf(TopicCommits.read(kafka, topic, warnings).keySet());
    }

    static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("delete_topic", Args.class, Result.class)
                .title("Delete a topic")
                .description("Deletes a topic and its records for ever.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler((args, context) -> {
                    AdminSession kafka = handle.session(context);
                    kafka.permissions().requireChangeableTopic(args.topic());
                    return PlannedChange.run(
                            kafka, new DeleteTopic(kafka, args.topic()), args.dryRun(), args.planHash());
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
    public Result preview(String hash) {
        return result(false, hash);
    }

    @Override
    public Result apply() {
        kafka.await(
                kafka.writer()
                        .deleteTopics(List.of(topic.name()), kafka.bounded(new DeleteTopicsOptions()))
                        .all(),
                Attempt.toChange("delete topic '" + topic.name() + "'", Map.of("topic", topic.name())));
        return result(true, null);
    }

    private Result result(boolean success, @Nullable String hash) {
        return new Result(
                success,
                topic.name(),
                topic.partitions().size(),
                records,
                groups.subList(0, Math.min(MAX_GROUPS, groups.size())),
                groups.size(),
                hash,
                warnings.orNull());
    }

    private long records() {
        var requestedFirst = LogOffsets.request(kafka, topic.name(), topic.partitions(), OffsetSpec.earliest());
        var requestedEnd = LogOffsets.request(kafka, topic.name(), topic.partitions(), OffsetSpec.latest());
        Map<Integer, Offset> first = requestedFirst.await();
        Map<Integer, Offset> end = requestedEnd.await();
        long sum = 0;
        for (Integer partition : first.keySet()) {
            Offset from = Objects.requireNonNull(first.get(partition));
            Offset to = Objects.requireNonNull(end.get(partition));
            sum += warnings.attempt(() -> to.orThrow() - from.orThrow()).orElse(0L);
        }
        return sum;
    }
}
