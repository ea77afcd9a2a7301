package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The coordinators of groups that are down. The leader of a partition of the offsets topic coordinates the groups whose ids
 * map to that partition. If a partition does not have a leader, no broker lists its groups, and no broker reports an error.
 */
final class GroupCoordinators {

    private final int count;
    private final List<TopicPartitionInfo> down;
    private final @Nullable MCPToolError error;

    private GroupCoordinators(int count, List<TopicPartitionInfo> down, @Nullable MCPToolError error) {
        this.count = count;
        this.down = down;
        this.error = error;
    }

    /** Requests the leaders of the offsets topic. Does not wait. */
    static KafkaFuture<TopicDescription> request(AdminSession kafka) {
        String topic = Topic.GROUP_METADATA_TOPIC_NAME;
        return Objects.requireNonNull(kafka.admin()
                .describeTopics(
                        List.of(topic),
                        kafka.bounded(
                                new DescribeTopicsOptions(), kafka.remaining().dividedBy(2)))
                .topicNameValues()
                .get(topic));
    }

    /** Waits for the leaders. A server that may not describe the offsets topic does not learn about them. */
    static GroupCoordinators await(AdminSession kafka, KafkaFuture<TopicDescription> requested) {
        try {
            var partitions = kafka.await(requested, Topics.describing(Topic.GROUP_METADATA_TOPIC_NAME))
                    .partitions();
            return new GroupCoordinators(
                    partitions.size(),
                    partitions.stream()
                            .filter(partition -> Topics.leader(partition) == null)
                            .toList(),
                    null);
        } catch (MCPToolError e) {
            if (e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            // Without the topic there has never been a group.
            boolean silent = e.is(KafkaErrorCode.TOPIC_NOT_FOUND) || e.is(StandardErrorCode.NOT_AUTHORIZED);
            return new GroupCoordinators(0, List.of(), silent ? null : e);
        }
    }

    /** Returns why groups may be missing from a list; null if no coordinator is known to be down. */
    @Nullable
    MCPToolError missing() {
        if (down.isEmpty()) {
            return error;
        }
        return new MCPToolError(
                KafkaErrorCode.BROKER_UNAVAILABLE,
                "Groups are missing here: " + down.size() + " of " + count + " partitions of "
                        + Topic.GROUP_METADATA_TOPIC_NAME + " have no leader (partitions "
                        + down.stream()
                                .map(partition -> String.valueOf(partition.partition()))
                                .collect(Collectors.joining(", "))
                        + "; their replicas are on " + brokers(down)
                        + "), so the groups that map to them have no coordinator. Call again when one of these brokers"
                        + " is up.",
                Map.of(
                        "topic",
                        Topic.GROUP_METADATA_TOPIC_NAME,
                        "partitions",
                        down.stream().map(TopicPartitionInfo::partition).toList()));
    }

    /** Returns the error for a group whose coordinator is down; null if it is not, or it is not known. */
    @Nullable
    MCPToolError down(String groupId) {
        if (down.isEmpty()) {
            return null;
        }
        int partition = Utils.abs(groupId.hashCode()) % count;
        List<TopicPartitionInfo> its =
                down.stream().filter(info -> info.partition() == partition).toList();
        return its.isEmpty()
                ? null
                : new MCPToolError(
                        KafkaErrorCode.BROKER_UNAVAILABLE,
                        "Group '" + groupId + "' has no coordinator, so it is not known whether it exists: partition "
                                + partition + " of " + Topic.GROUP_METADATA_TOPIC_NAME
                                + " has no leader. Call again when " + brokers(its) + " is up.",
                        Map.of("groupId", groupId, "partition", partition));
    }

    private static String brokers(List<TopicPartitionInfo> partitions) {
        TreeSet<Integer> ids = new TreeSet<>();
        partitions.forEach(
                partition -> partition.replicas().stream().map(Node::id).forEach(ids::add));
        return (ids.size() == 1 ? "broker " : "brokers ")
                + ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
