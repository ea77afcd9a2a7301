package io.qicore.mcp.kafka.internal.group;

import io.qicore.mcp.kafka.internal.admin.AdminHandle;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.ToolAnnotations;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tool {@code describe_consumer_group}. */
public final class DescribeConsumerGroupTool {

    record Arguments(
            @Schema(minLength = 1) String groupId,

            @Schema(minimum = 1, maximum = 10000, defaultValue = "50")
            int maxMembers) {}

    record Member(
            String clientId,
            String host,

            @Nullable String instanceId,

            @Schema("By topic, such as 0-3,7") @Nullable Map<String, String> partitions) {}

    record Result(
            String groupId,

            @Schema("classic, consumer (KIP-848), share or streams")
            String type,

            String state,

            @Nullable String coordinator,

            @Nullable String assignor,
            @Nullable Integer epoch,

            @Schema("Differs from epoch during a rebalance") @Nullable
            Integer targetEpoch,

            int memberCount,

            @Schema("Members without a partition") @Nullable Integer idleMembers,

            List<Member> members) {}

    private DescribeConsumerGroupTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("describe_consumer_group", Arguments.class, Result.class)
                .title("Describe a consumer group")
                .description("Tells a group's type, state, coordinator and members with their partitions.")
                .annotations(ToolAnnotations.readOnly())
                .handler((args, context) -> describe(handle.session(context), args))
                .build();
    }

    private static Result describe(AdminSession kafka, Arguments args) {
        kafka.permissions().requireGroup(args.groupId());
        GroupDetails group = GroupDetails.describe(kafka, Groups.list(kafka), args.groupId());
        int idle = (int) group.members().stream()
                .filter(member -> member.partitions().isEmpty())
                .count();
        return new Result(
                group.groupId(),
                group.kind().label(),
                group.state(),
                group.coordinator() == null
                        ? null
                        : group.coordinator().host() + ":" + group.coordinator().port(),
                group.assignor(),
                group.epoch(),
                group.targetEpoch(),
                group.members().size(),
                idle == 0 ? null : idle,
                group.members().stream()
                        .limit(args.maxMembers())
                        .map(member -> member(kafka, member))
                        .toList());
    }

    private static Member member(AdminSession kafka, GroupDetails.Member member) {
        var visible = member.partitions().stream()
                .filter(id -> kafka.permissions().topic(id.topic()))
                .toList();
        return new Member(
                member.clientId(),
                member.host(),
                member.instanceId(),
                visible.isEmpty() ? null : PartitionList.byTopic(visible));
    }
}
