package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.TopicConfigs;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.kafka.internal.topic.RecordCut.Part;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DeleteRecordsOptions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The tool {@code delete_records}: up to seven requests to plan, and one to each leading broker to delete. */
public final class DeleteRecordsTool implements PlannedChange<DeleteRecordsTool.Result, RuntimeException> {

    private static final int MAX_ROWS = 50;
    private static final int MAX_GROUPS = 20;

    record Arguments(
            String topic,

            @Schema("By partition, the first offset to keep, such as {\"0\": 4711}") @Nullable
            Map<String, Long> beforeOffsets,

            @Schema("Or for all: a time, such as 2026-11-22T09:00:00Z") @Nullable
            String beforeTime,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Reader(
            String groupId,

            @Schema("Records that it will never read") long unread) {}

    record Result(
            boolean success,

            String topic,
            long records,

            @Schema("First offset before and after, where they differ")
            List<Part> partitions,

            List<Reader> groups,

            @Nullable Boolean truncated,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next,

            @Nullable List<String> warnings) {}

    private final AdminSession kafka;
    private final TopicDescription topic;
    private final Warnings warnings = new Warnings();
    private final List<Part> parts;
    private final List<Reader> readers;

    private DeleteRecordsTool(AdminSession kafka, Arguments args) {
        this.kafka = kafka;
        this.topic = Topics.describe(kafka, args.topic());
        requireDeletePolicy();
        this.parts = new RecordCut(kafka, topic, warnings).parts(args.beforeOffsets(), args.beforeTime());
        this.readers = parts.isEmpty() ? List.of() : readers();
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("delete_records", Arguments.class, Result.class)
                .title("Delete records")
                .description("Deletes the records of a topic before an offset or a time. Cannot be undone.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .resultHandler((args, context) -> {
                    AdminSession kafka = handle.session(context);
                    kafka.permissions().requireChangeableTopic(args.topic());
                    return kafka.confirmation()
                            .run(new DeleteRecordsTool(kafka, args), args.dryRun(), args.planHash(), context);
                })
                .build();
    }

    /** What is new and what expires does not matter; where the logs are cut does. */
    @Override
    public String hash() {
        Map<Integer, Long> cuts = new LinkedHashMap<>();
        parts.forEach(part -> cuts.put(part.partition(), part.to()));
        return PlanHash.of("delete_records", topic.name(), topic.topicId().toString(), cuts);
    }

    @Override
    public boolean isDestructive() {
        return !parts.isEmpty();
    }

    @Override
    public String question() {
        long records = parts.stream().mapToLong(Part::records).sum();
        return "Delete the oldest " + records + " records of topic '" + topic.name() + "' in " + parts.size()
                + " partitions, for ever?"
                + (readers.isEmpty() ? "" : " Groups that have not read all of them: " + readers.size() + ".");
    }

    @Override
    public Result preview(String planHash, String next) {
        return result(false, parts, planHash, next);
    }

    @Override
    public Result apply() {
        if (parts.isEmpty()) {
            return result(true, parts, null, null);
        }
        Map<TopicPartition, RecordsToDelete> cuts = new LinkedHashMap<>();
        parts.forEach(part -> cuts.put(partition(part), RecordsToDelete.beforeOffset(part.to())));
        var deleted = kafka.writer()
                .deleteRecords(cuts, kafka.bounded(new DeleteRecordsOptions()))
                .lowWatermarks();
        List<Part> done = new ArrayList<>();
        MCPToolError failure = null;
        for (Part part : parts) {
            try {
                long first = kafka.await(deleted.get(partition(part)), deletionOf(part))
                        .lowWatermark();
                done.add(new Part(part.partition(), part.from(), first));
            } catch (MCPToolError e) {
                if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                    throw e;
                }
                failure = e;
                warnings.add(e.getMessage());
            }
        }
        if (failure != null && done.isEmpty()) {
            throw failure;
        }
        return result(true, done, null, null);
    }

    private Result result(boolean success, List<Part> rows, @Nullable String planHash, @Nullable String next) {
        boolean truncated = rows.size() > MAX_ROWS || readers.size() > MAX_GROUPS;
        return new Result(
                success,
                topic.name(),
                rows.stream().mapToLong(Part::records).sum(),
                rows.subList(0, Math.min(MAX_ROWS, rows.size())),
                readers.subList(0, Math.min(MAX_GROUPS, readers.size())),
                truncated ? true : null,
                planHash,
                next,
                warnings.orNull());
    }

    /** Brokers refuse it only when it is to be done, which a plan should not find out so late. */
    private void requireDeletePolicy() {
        var requested = TopicConfigs.request(kafka, List.of(topic.name()));
        String policy = warnings.attempt(() -> requested.await(topic.name()))
                .map(configs -> configs.get(RetentionChange.POLICY))
                .map(ConfigEntry::value)
                .orElse(RetentionChange.DELETE);
        if (!policy.contains(RetentionChange.DELETE)) {
            throw new MCPToolError(
                    KafkaErrorCode.POLICY_VIOLATION,
                    "Topic '" + topic.name() + "' has " + RetentionChange.POLICY + " " + policy
                            + ": its records can only be deleted one key at a time, by tombstones.",
                    Map.of("topic", topic.name(), RetentionChange.POLICY, policy));
        }
    }

    /** The groups that lose records, the greatest loss first. */
    private List<Reader> readers() {
        List<Reader> losing = new ArrayList<>();
        CommittedOffsets.onTopic(kafka, topic, warnings).forEach((group, commits) -> {
            long unread = 0;
            for (Part part : parts) {
                Long committed = commits.get(part.partition());
                if (committed != null) {
                    unread += Math.max(0, part.to() - Math.max(part.from(), committed));
                }
            }
            if (unread > 0) {
                losing.add(new Reader(group, unread));
            }
        });
        losing.sort(Comparator.comparingLong(Reader::unread).reversed());
        return losing;
    }

    private TopicPartition partition(Part part) {
        return new TopicPartition(topic.name(), part.partition());
    }

    private KafkaOperation deletionOf(Part part) {
        return KafkaOperation.toChange(
                "delete the records of topic '" + topic.name() + "' before offset " + part.to() + " of partition "
                        + part.partition(),
                Map.of("topic", topic.name(), "partition", part.partition()));
    }
}
