package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.tool.MCPToolError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.admin.DescribeClassicGroupsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeStreamsGroupsOptions;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/**
 * The members of many groups, read with one request to each coordinator for each kind of group. Groups that are listed without
 * members are not asked for. {@link #request} sends the requests and does not wait.
 */
public final class GroupMembers {

    private final AdminSession kafka;
    private final Map<String, KafkaFuture<GroupDetails>> requested = new HashMap<>();

    private GroupMembers(AdminSession kafka) {
        this.kafka = kafka;
    }

    /** Requests the members of consumer and streams groups. Does not wait. */
    public static GroupMembers request(AdminSession kafka, Collection<String> groupIds, Groups groups) {
        List<String> classic = new ArrayList<>();
        List<String> consumer = new ArrayList<>();
        List<String> streams = new ArrayList<>();
        for (String id : groupIds) {
            GroupKind kind = groups.kind(id);
            if (kind == null || empty(groups.state(id))) {
                continue;
            }
            switch (kind) {
                case CLASSIC -> classic.add(id);
                case CONSUMER -> consumer.add(id);
                case STREAMS -> streams.add(id);
                default -> {
                    // Brokers report the partitions of share groups with their offsets; other groups do not consume.
                }
            }
        }
        var members = new GroupMembers(kafka);
        members.ask(classic);
        if (!consumer.isEmpty()) {
            members.add(
                    kafka.admin()
                            .describeConsumerGroups(consumer, kafka.bounded(new DescribeConsumerGroupsOptions()))
                            .describedGroups(),
                    GroupDetails::of);
        }
        if (!streams.isEmpty()) {
            members.add(
                    kafka.admin()
                            .describeStreamsGroups(streams, kafka.bounded(new DescribeStreamsGroupsOptions()))
                            .describedGroups(),
                    GroupDetails::of);
        }
        return members;
    }

    /** Requests the members of a group that is probably a classic one, as most are. Does not wait. */
    public static GroupMembers requestClassic(AdminSession kafka, String groupId) {
        var members = new GroupMembers(kafka);
        members.ask(List.of(groupId));
        return members;
    }

    private void ask(List<String> classic) {
        if (!classic.isEmpty()) {
            add(
                    kafka.admin()
                            .describeClassicGroups(classic, kafka.bounded(new DescribeClassicGroupsOptions()))
                            .describedGroups(),
                    GroupDetails::of);
        }
    }

    private <D> void add(Map<String, KafkaFuture<D>> described, Function<D, GroupDetails> details) {
        described.forEach((id, future) -> requested.put(id, future.thenApply(details::apply)));
    }

    /**
     * Waits for the members of a group.
     *
     * @return the group; null if it was listed without members, or no longer exists, or is not of the requested kind
     * @throws MCPToolError if they cannot be read
     */
    public @Nullable GroupDetails await(String groupId) {
        var future = requested.get(groupId);
        if (future == null) {
            return null;
        }
        try {
            GroupDetails group = kafka.await(future, GroupDetails.describing(groupId));
            return group.state().equals(GroupState.DEAD.toString()) ? null : group;
        } catch (MCPToolError e) {
            if (e.is(KafkaErrorCode.GROUP_NOT_FOUND)) {
                return null;
            }
            throw e;
        }
    }

    private static boolean empty(@Nullable String state) {
        return GroupState.EMPTY.toString().equals(state)
                || GroupState.DEAD.toString().equals(state);
    }
}
