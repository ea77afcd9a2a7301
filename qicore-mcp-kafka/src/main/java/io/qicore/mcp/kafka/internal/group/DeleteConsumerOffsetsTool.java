package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.GroupOffsets;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.MemberlessGroups;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * The tool {@code delete_consumer_offsets}: deletes the committed offsets of a group on a topic that it no longer
 * reads. Brokers refuse it for a topic that no longer exists.
 */
public final class DeleteConsumerOffsetsTool
        implements PlannedChange<DeleteConsumerOffsetsTool.Result, RuntimeException> {

    private static final String CHANGE_MADE = "Whether the change was made";

    record Arguments(
            @Schema(value = "Group to delete offsets of", minLength = 1)
            String groupId,

            @Schema(value = "Topic that the group no longer reads", minLength = 1)
            String topic,

            @Schema("Partition numbers. Default: all") @Nullable
            List<Integer> partitions,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Result(
            @Schema(CHANGE_MADE) boolean success,

            @Schema(CHANGE_MADE) boolean applied,

            @Schema("Group id from the arguments") String groupId,

            @Schema("Topic from the arguments") String topic,

            @Schema("Offsets that were deleted, or would be by this plan, by topic:partition. To restore them, pass"
                    + " them as offsets to reset_consumer_offset")
            Map<String, Long> offsets,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next,

            @Schema("Partitions whose offset could not be deleted, with the reason, and who may commit again") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final Arguments args;
    private final GroupDetails details;
    private final GroupOffsets group;
    private final Map<TopicPartition, Long> offsets;
    private final Warnings warnings = new Warnings();

    private DeleteConsumerOffsetsTool(
            AdminSession kafka,
            Arguments args,
            GroupDetails details,
            GroupOffsets group,
            Map<TopicPartition, Long> offsets) {
        this.kafka = kafka;
        this.args = args;
        this.details = details;
        this.group = group;
        this.offsets = offsets;
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("delete_consumer_offsets", Arguments.class, Result.class)
                .title("Delete a group's offsets on a topic")
                .description(
                        "Deletes the committed offsets of a group on one topic. Fails while its consumers subscribe to"
                                + " the topic, and for a deleted topic. list_abandoned_offsets finds such offsets; to"
                                + " delete the whole group, use delete_consumer_group.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler((args, context) -> delete(handle.session(context), args, context))
                .build();
    }

    private static ToolResult delete(AdminSession kafka, Arguments args, RequestContext context) {
        kafka.permissions().requireGroup(args.groupId());
        kafka.permissions().requireTopic(args.topic());
        return args.dryRun()
                ? run(kafka, args, context)
                : GroupLock.holding(kafka, args.groupId(), () -> run(kafka, args, context));
    }

    private static ToolResult run(AdminSession kafka, Arguments args, RequestContext context) {
        return kafka.confirmation().run(plan(kafka, args), args.dryRun(), args.planHash(), context);
    }

    private static DeleteConsumerOffsetsTool plan(AdminSession kafka, Arguments args) {
        GroupDetails details = GroupDetails.describe(kafka, Groups.list(kafka), args.groupId());
        GroupKind kind = details.kind();
        if (kind == GroupKind.SHARE && args.partitions() != null) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Group '" + args.groupId() + "' is a share group. Offsets of share groups can only be deleted for a"
                            + " whole topic: leave out partitions.",
                    Map.of("groupId", args.groupId()));
        }
        // Before the offsets: brokers leave out those on topics that this server may not describe.
        TopicDescription topic = null;
        MCPToolError notFound = null;
        try {
            topic = Topics.describe(kafka, args.topic());
        } catch (MCPToolError e) {
            if (!e.is(KafkaErrorCode.TOPIC_NOT_FOUND)) {
                throw e;
            }
            notFound = e;
        }
        var group = new GroupOffsets(kafka, args.groupId(), kind);
        Map<TopicPartition, Long> offsets = new TreeMap<>(CommittedOffsets.PARTITION_ORDER);
        group.current().forEach((partition, offset) -> {
            if (partition.topic().equals(args.topic())
                    && (args.partitions() == null || args.partitions().contains(partition.partition()))) {
                offsets.put(partition, offset);
            }
        });
        if (offsets.isEmpty() && notFound != null) {
            throw notFound;
        }
        if (offsets.isEmpty()) {
            throw new MCPToolError(
                    KafkaErrorCode.INVALID_OFFSET,
                    "Group '" + args.groupId() + "' has no committed offsets on "
                            + (args.partitions() == null ? "" : "partitions " + args.partitions() + " of ")
                            + "topic '" + args.topic()
                            + "'. Nothing was changed. Call get_consumer_lag with this groupId and details"
                            + " to see where it has offsets.",
                    Map.of("groupId", args.groupId(), "topic", args.topic()));
        }
        var change = new DeleteConsumerOffsetsTool(kafka, args, details, group, offsets);
        if (topic == null) {
            throw change.undeletable("Topic '" + args.topic() + "' does not exist any more");
        }
        change.requirePossible(topic);
        return change;
    }

    /** Requires what the brokers require, so that a preview fails where the change would. */
    private void requirePossible(TopicDescription topic) {
        KafkaOperation operation = group.toDelete(offsets.keySet());
        details.requireAccess(kafka, AclOperation.DELETE, operation);
        Topics.requireAccess(kafka, topic, AclOperation.READ, operation);
        details.requireUnread(args.topic(), "delete the offsets");
        Set<TopicPartition> gone = new HashSet<>(offsets.keySet());
        topic.partitions().forEach(info -> gone.remove(new TopicPartition(args.topic(), info.partition())));
        if (gone.size() == offsets.size()) {
            throw undeletable("Topic '" + args.topic() + "' no longer has the partitions "
                    + gone.stream().map(TopicPartition::partition).sorted().toList());
        }
        gone.stream().sorted(CommittedOffsets.PARTITION_ORDER).forEach(partition -> {
            offsets.remove(partition);
            warnings.add(ResetTarget.key(partition) + " cannot be deleted: the topic no longer has this partition.");
        });
    }

    private MCPToolError undeletable(String reason) {
        return new MCPToolError(
                KafkaErrorCode.TOPIC_NOT_FOUND,
                reason
                        + ", and brokers do not delete offsets on it. Nothing was changed. They expire by themselves when the"
                        + " group has had no consumers for offsets.retention.minutes (7 days by default). To remove them"
                        + " now, delete the whole group with delete_consumer_group, or create the topic again with as many"
                        + " partitions, delete the offsets, and delete the topic.",
                Map.of("groupId", args.groupId(), "topic", args.topic()));
    }

    @Override
    public String hash() {
        return PlanHash.of("delete_consumer_offsets", args.groupId(), offsetsByKey(offsets));
    }

    @Override
    public String question() {
        return "Delete the committed offsets of group '" + args.groupId() + "' on "
                + PartitionList.byTopic(offsets.keySet()) + "?";
    }

    @Override
    public Result preview(String planHash, String next) {
        warnings.add(MemberlessGroups.warning(kafka, details, offsets, true));
        if (details.members().stream().anyMatch(member -> member.inputs().isEmpty())) {
            warnings.add("Some members have no partitions. Kafka does not show what they subscribe to; if it is topic '"
                    + args.topic() + "', the brokers refuse the deletion.");
        }
        return result(offsets, false, planHash, next);
    }

    @Override
    public Result apply() {
        Map<TopicPartition, Long> deleted = new TreeMap<>(CommittedOffsets.PARTITION_ORDER);
        deleted.putAll(offsets);
        group.delete(Set.copyOf(offsets.keySet())).forEach((partition, error) -> {
            deleted.remove(partition);
            warnings.add(ResetTarget.key(partition) + " was not deleted: " + error.getMessage());
        });
        warnings.add(MemberlessGroups.warning(kafka, details, offsets, false));
        return result(deleted, true, null, null);
    }

    private Result result(
            Map<TopicPartition, Long> rows, boolean applied, @Nullable String planHash, @Nullable String next) {
        return new Result(
                applied, applied, args.groupId(), args.topic(), offsetsByKey(rows), planHash, next, warnings.orNull());
    }

    private static Map<String, Long> offsetsByKey(Map<TopicPartition, Long> offsets) {
        Map<String, Long> byKey = new TreeMap<>();
        offsets.forEach((partition, offset) -> byKey.put(ResetTarget.key(partition), offset));
        return byKey;
    }
}
