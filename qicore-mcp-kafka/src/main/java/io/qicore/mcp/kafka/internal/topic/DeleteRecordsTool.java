package io.qicore.mcp.kafka.internal.topic;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.TopicConfigs;
import io.qicore.mcp.kafka.internal.read.TopicReaders;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.kafka.internal.topic.RecordDeletionPlanner.PartitionDeletion;
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
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tool {@code delete_records}. The plan takes at most seven requests; the deletion takes one to each leading
 * broker.
 */
public final class DeleteRecordsTool implements PlannedChange<DeleteRecordsTool.Result, RuntimeException> {

    private static final int MAX_ROWS = 50;
    private static final int MAX_GROUPS = 20;

    record Arguments(
            @Schema("Topic name") String topic,

            @Schema("First offset to keep, by partition, such as {\"0\": 4711}") @Nullable
            Map<String, Long> beforeOffsets,

            @Schema("Delete records before this time in all partitions, such as 2026-11-22T09:00:00Z") @Nullable
            String beforeTime,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Reader(
            @Schema("The id of the consumer group") String groupId,

            @Schema("The number of these offsets that it has not read and will never read")
            long unread) {}

    record Result(
            @Schema("Whether the change was made") boolean success,

            @Schema("The name of the topic") String topic,

            @Schema(
                    "The number of offsets that are deleted. As many records, except for gaps of compaction and transactions")
            long records,

            @Schema("The partitions that lose records, at most 50")
            List<PartitionDeletion> partitions,

            @Schema("The consumer groups that have not read all of these records, the greatest loss first, at most 20")
            List<Reader> groups,

            @Schema("true if partitions or groups are missing from the lists; otherwise absent") @Nullable
            Boolean truncated,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next,

            @Schema("Messages about data that could not be read and partitions that could not be changed") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final TopicDescription topic;
    private final Warnings warnings = new Warnings();
    private final List<PartitionDeletion> deletions;
    private final List<Reader> readers;

    private DeleteRecordsTool(AdminSession kafka, Arguments args) {
        this.kafka = kafka;
        this.topic = Topics.describe(kafka, args.topic());
        Topics.requireAccess(
                kafka, topic, AclOperation.DELETE, deletion("delete records of topic '" + topic.name() + "'"));
        requireDeletePolicy();
        this.deletions =
                new RecordDeletionPlanner(kafka, topic, warnings).plan(args.beforeOffsets(), args.beforeTime());
        this.readers = deletions.isEmpty() ? List.of() : readers();
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("delete_records", Arguments.class, Result.class)
                .title("Delete records")
                .description(
                        "Deletes the oldest records of a topic, up to an offset of each given partition or up to a time."
                                + " Give either beforeOffsets or beforeTime. Cannot be undone. To delete old records"
                                + " regularly set retention.ms with alter_topic_config.")
                .annotations(ToolAnnotations.destructive().idempotent())
                .resultHandler((args, context) -> {
                    AdminSession kafka = handle.session(context);
                    kafka.permissions().requireChangeableTopic(args.topic());
                    return kafka.confirmation()
                            .run(new DeleteRecordsTool(kafka, args), args.dryRun(), args.planHash(), context);
                })
                .build();
    }

    /** Returns a hash of the first offsets to keep. New and expired records do not change it. */
    @Override
    public String hash() {
        Map<Integer, Long> firstKept = new LinkedHashMap<>();
        deletions.forEach(deletion -> firstKept.put(deletion.partition(), deletion.to()));
        return PlanHash.of("delete_records", topic.name(), topic.topicId().toString(), firstKept);
    }

    @Override
    public boolean isDestructive() {
        return !deletions.isEmpty();
    }

    @Override
    public String question() {
        long records = deletions.stream().mapToLong(PartitionDeletion::records).sum();
        return "Delete the oldest " + records + " records of topic '" + topic.name() + "' in " + deletions.size()
                + " partitions? This cannot be undone."
                + (readers.isEmpty() ? "" : " Consumer groups that have not read all of them: " + readers.size() + ".");
    }

    @Override
    public Result preview(String planHash, String next) {
        return result(false, deletions, planHash, next);
    }

    @Override
    public Result apply() {
        if (deletions.isEmpty()) {
            return result(true, deletions, null, null);
        }
        Map<TopicPartition, RecordsToDelete> firstKept = new LinkedHashMap<>();
        deletions.forEach(deletion -> firstKept.put(partition(deletion), RecordsToDelete.beforeOffset(deletion.to())));
        var deleted = kafka.writer()
                .deleteRecords(firstKept, kafka.bounded(new DeleteRecordsOptions()))
                .lowWatermarks();
        List<PartitionDeletion> done = new ArrayList<>();
        MCPToolError failure = null;
        for (PartitionDeletion deletion : deletions) {
            try {
                long first = kafka.await(deleted.get(partition(deletion)), deletionOf(deletion))
                        .lowWatermark();
                done.add(new PartitionDeletion(deletion.partition(), deletion.from(), first));
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

    private Result result(
            boolean success, List<PartitionDeletion> rows, @Nullable String planHash, @Nullable String next) {
        boolean truncated = rows.size() > MAX_ROWS || readers.size() > MAX_GROUPS;
        return new Result(
                success,
                topic.name(),
                rows.stream().mapToLong(PartitionDeletion::records).sum(),
                rows.subList(0, Math.min(MAX_ROWS, rows.size())),
                readers.subList(0, Math.min(MAX_GROUPS, readers.size())),
                truncated ? true : null,
                planHash,
                next,
                warnings.orNull());
    }

    /** Refuses a topic whose records brokers do not delete. They say so only when asked to delete, too late for a plan. */
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
                            + ": its records cannot be deleted by offset, only by key, with tombstones.",
                    Map.of("topic", topic.name(), RetentionChange.POLICY, policy));
        }
    }

    /** Returns the groups that lose records, the greatest loss first. */
    private List<Reader> readers() {
        List<Reader> losing = new ArrayList<>();
        TopicReaders all = TopicReaders.of(kafka, topic, warnings);
        all.commits().forEach((group, commits) -> {
            long unread = 0;
            for (PartitionDeletion deletion : deletions) {
                Long committed = commits.get(deletion.partition());
                if (committed != null) {
                    unread += Math.max(0, deletion.to() - Math.max(deletion.from(), committed));
                }
            }
            if (unread > 0) {
                losing.add(new Reader(group, unread));
            }
        });
        List<String> uncommitted = all.live().stream()
                .filter(group -> !all.commits().containsKey(group))
                .limit(MAX_GROUPS)
                .toList();
        if (!uncommitted.isEmpty()) {
            warnings.add(
                    "Groups with running consumers on this topic and no committed offset, so that it is not known what"
                            + " they have read: " + String.join(", ", uncommitted) + ".");
        }
        losing.sort(Comparator.comparingLong(Reader::unread).reversed());
        return losing;
    }

    private TopicPartition partition(PartitionDeletion deletion) {
        return new TopicPartition(topic.name(), deletion.partition());
    }

    private KafkaOperation deletionOf(PartitionDeletion deletion) {
        return deletion("delete the records of topic '" + topic.name() + "' before offset " + deletion.to()
                + " of partition " + deletion.partition());
    }

    private KafkaOperation deletion(String action) {
        return KafkaOperation.toChange(
                action, Map.of("topic", topic.name()), Access.toTopic(AclOperation.DELETE, topic.name()));
    }
}
