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

/** The tool {@code describe_consumer_group}: the state and the members of one group. */
public final class DescribeConsumerGroupTool {

    record Arguments(
            @Schema(value = "Group to describe", minLength = 1)
            String groupId,

            @Schema(value = "Maximum number of members to list", minimum = 1, maximum = 10000, defaultValue = "50")
            int maxMembers) {}

    record Member(
            @Schema("Client id that the consumer chose") String clientId,

            @Schema("Host that the consumer connects from") String host,

            @Schema("group.instance.id of a static member; left out for dynamic members") @Nullable
            String instanceId,

            @Schema("Assigned partitions by topic, such as 0-3,7; by subtopology for streams groups. Left out if none"
                    + " is assigned")
            @Nullable
            Map<String, String> partitions) {}

    record Result(
            @Schema("Group id from the arguments") String groupId,

            @Schema("Type of the group: classic, consumer (KIP-848), share or streams")
            String type,

            @Schema("State of the group in Kafka's terms, such as Stable, Empty (no consumers) or PreparingRebalance")
            String state,

            @Schema("Broker that coordinates the group, as host:port; left out if unknown") @Nullable
            String coordinator,

            @Schema("Strategy by which partitions are assigned, such as range; left out if unknown") @Nullable
            String assignor,

            @Schema("Epoch of the group; left out for classic groups") @Nullable
            Integer epoch,

            @Schema("Epoch of the assignment that members are moving to. Differs from epoch during a rebalance; left"
                    + " out for classic groups")
            @Nullable
            Integer targetEpoch,

            @Schema("Number of members, including those not listed")
            int memberCount,

            @Schema("Number of members without an assigned partition; left out if 0") @Nullable
            Integer idleMembers,

            @Schema("Members, at most maxMembers") List<Member> members) {}

    private DescribeConsumerGroupTool() {}

    public static MCPTool tool(AdminHandle handle) {
        return MCPTool.builder("describe_consumer_group", Arguments.class, Result.class)
                .title("Describe a consumer group")
                .description("Describes one group: its type, state, coordinator, and members with their assigned"
                        + " partitions. Use it to see which consumers run; for lag use get_consumer_lag.")
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
