package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Confirmation;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.PlanHash;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupOffsets;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import io.qicore.mcp.tool.ToolResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.DeleteConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DeleteShareGroupsOptions;
import org.apache.kafka.clients.admin.DeleteStreamsGroupsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The tool {@code delete_consumer_group}. */
public final class DeleteConsumerGroupTool {

    record Arguments(
            @Schema(minLength = 1) String groupId,

            @Schema(defaultValue = "false") boolean dryRun,

            @Schema(Confirmation.ARGUMENT_DESCRIPTION) @Nullable
            String planHash) {}

    record Result(
            boolean success,

            boolean applied,

            String groupId,

            String type,

            @Schema("By topic:partition, to keep") Map<String, Long> offsets,

            @Schema("To be stopped first") @Nullable List<String> activeClients,

            @Nullable String planHash) {}

    private DeleteConsumerGroupTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("delete_consumer_group", Arguments.class, Result.class)
                .title("Delete a consumer group")
                .description("Deletes a group with its offsets. Consumers that come back start by their"
                        + " auto.offset.reset. The group must have no running consumers.")
                .annotations(ToolAnnotations.destructive())
                .resultHandler((args, context) -> delete(handle.session(context), args))
                .build();
    }

    private static ToolResult delete(AdminSession kafka, Arguments args) {
        kafka.permissions().requireGroup(args.groupId());
        GroupDetails group = GroupDetails.describe(kafka, Groups.list(kafka), args.groupId());
        Map<String, Long> offsets = new TreeMap<>();
        Map<TopicPartition, Long> current = new GroupOffsets(kafka, args.groupId(), group.kind()).current();
        current.forEach((partition, offset) -> offsets.put(ResetTarget.key(partition), offset));
        String hash = PlanHash.of(
                "delete_consumer_group", args.groupId(), group.kind().label(), offsets);
        if (args.dryRun()) {
            return ToolResult.of(result(group, offsets, hash, true, false));
        }
        group.requireInactive("delete it");
        return kafka.confirmation()
                .decide(
                        hash,
                        args.planHash(),
                        "Delete group '" + args.groupId() + "' with its offsets on "
                                + PartitionList.byTopic(current.keySet()) + "?",
                        () -> {
                            kafka.await(
                                    deletion(kafka, group),
                                    KafkaOperation.toChange(
                                            "delete group '" + args.groupId() + "'",
                                            Map.of("groupId", args.groupId())));
                            return result(group, offsets, hash, true, true);
                        },
                        () -> result(group, offsets, hash, false, false));
    }

    private static KafkaFuture<Void> deletion(AdminSession kafka, GroupDetails group) {
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

    private static Result result(
            GroupDetails group, Map<String, Long> offsets, String hash, boolean success, boolean applied) {
        return new Result(
                success,
                applied,
                group.groupId(),
                group.kind().label(),
                offsets,
                group.active() ? group.clientIds() : null,
                applied ? null : hash);
    }
}
