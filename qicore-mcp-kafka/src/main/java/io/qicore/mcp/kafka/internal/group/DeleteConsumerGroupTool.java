package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupOffsets;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.MemberlessGroups;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.tool.change.ChangeArguments;
import io.qicore.mcp.tool.change.PlanHash;
import io.qicore.mcp.tool.change.PlannedChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.DeleteConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DeleteShareGroupsOptions;
import org.apache.kafka.clients.admin.DeleteStreamsGroupsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** The tool {@code delete_consumer_group}: deletes a group without running consumers, and all its committed offsets. */
public final class DeleteConsumerGroupTool implements PlannedChange<DeleteConsumerGroupTool.Result, RuntimeException> {

    private static final String CHANGE_MADE = "Whether the change was made";

    record Arguments(
            @Schema(value = "Group to delete", minLength = 1)
            String groupId,

            @Schema(value = ChangeArguments.DRY_RUN_DESCRIPTION, defaultValue = "false")
            boolean dryRun,

            @Schema(ChangeArguments.PLAN_HASH_DESCRIPTION) @Nullable
            String planHash) {}

    record Result(
            @Schema(CHANGE_MADE) boolean success,

            @Schema(CHANGE_MADE) boolean applied,

            @Schema("Group id from the arguments") String groupId,

            @Schema("Type of the group: classic, consumer (KIP-848), share or streams")
            String type,

            @Schema("Committed offsets of the group, by topic:partition. Keep them to restore the group with"
                    + " reset_consumer_offset")
            Map<String, Long> offsets,

            @Schema(ChangeArguments.PLAN_HASH_RESULT_DESCRIPTION) @Nullable
            String planHash,

            @Schema(ChangeArguments.NEXT_DESCRIPTION) @Nullable
            String next,

            @Schema("Who may create the group again, and offsets that are not listed") @Nullable
            List<String> warnings) {}

    private final AdminSession kafka;
    private final GroupDetails group;
    private final Map<TopicPartition, Long> offsets;
    private final Warnings warnings = new Warnings();

    private DeleteConsumerGroupTool(AdminSession kafka, String groupId) {
        this.kafka = kafka;
        this.group = GroupDetails.describe(kafka, Groups.list(kafka), groupId);
        // Checked also for a preview, which fails where the change would.
        group.requireInactive("delete it");
        group.requireAccess(kafka, AclOperation.DELETE, operation());
        var read = new GroupOffsets(kafka, groupId, group.kind());
        this.offsets = read.current();
        if (read.hidden()) {
            warnings.add(
                    "The group also has offsets on topics that this server or this caller is not allowed to use. They are deleted with"
                            + " it, and are not in offsets.");
        }
    }

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("delete_consumer_group", Arguments.class, Result.class)
                .title("Delete a consumer group")
                .description(
                        "Deletes a group and all its committed offsets. Stop its consumers first. Consumers that join"
                                + " again start where their auto.offset.reset says. For the offsets on one topic"
                                + " use delete_consumer_offsets.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler((args, context) -> delete(handle.session(context), args, context))
                .build();
    }

    private static ToolResult delete(AdminSession kafka, Arguments args, RequestContext context) {
        kafka.permissions().requireGroup(args.groupId());
        return args.dryRun()
                ? run(kafka, args, context)
                : GroupLock.holding(kafka, args.groupId(), () -> run(kafka, args, context));
    }

    private static ToolResult run(AdminSession kafka, Arguments args, RequestContext context) {
        return kafka.confirmation()
                .run(new DeleteConsumerGroupTool(kafka, args.groupId()), args.dryRun(), args.planHash(), context);
    }

    @Override
    public String hash() {
        return PlanHash.of(
                "delete_consumer_group", group.groupId(), group.kind().label(), offsetsByKey());
    }

    @Override
    public String question() {
        return "Delete group '" + group.groupId() + "' and its committed offsets on "
                + PartitionList.byTopic(offsets.keySet()) + "?";
    }

    @Override
    public Result preview(String planHash, String next) {
        return result(false, planHash, next);
    }

    @Override
    public Result apply() {
        kafka.await(deletion(), operation());
        return result(true, null, null);
    }

    private KafkaOperation operation() {
        return KafkaOperation.toChange(
                "delete group '" + group.groupId() + "'",
                Map.of("groupId", group.groupId()),
                Access.toGroup(AclOperation.DELETE, group.groupId()));
    }

    private KafkaFuture<Void> deletion() {
        List<String> ids = List.of(group.groupId());
        Map<String, KafkaFuture<Void>> deleted =
                switch (group.kind()) {
                    case SHARE ->
                        kafka.writer()
                                .deleteShareGroups(ids, kafka.bounded(new DeleteShareGroupsOptions()))
                                .deletedGroups();
                    case STREAMS ->
                        kafka.writer()
                                .deleteStreamsGroups(ids, kafka.bounded(new DeleteStreamsGroupsOptions()))
                                .deletedGroups();
                    default ->
                        kafka.writer()
                                .deleteConsumerGroups(ids, kafka.bounded(new DeleteConsumerGroupsOptions()))
                                .deletedGroups();
                };
        return Optional.ofNullable(deleted.get(group.groupId())).orElseThrow();
    }

    private Map<String, Long> offsetsByKey() {
        Map<String, Long> byKey = new TreeMap<>();
        offsets.forEach((partition, offset) -> byKey.put(ResetTarget.key(partition), offset));
        return byKey;
    }

    private Result result(boolean applied, @Nullable String planHash, @Nullable String next) {
        warnings.add(MemberlessGroups.warning(kafka, group, offsets, !applied));
        return new Result(
                applied,
                applied,
                group.groupId(),
                group.kind().label(),
                offsetsByKey(),
                planHash,
                next,
                warnings.orNull());
    }
}
