package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.AlterShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.DeleteConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.DeleteShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes the offsets of one group: the committed offsets of a consumer group, or the start offsets that brokers
 * keep for a share group. For one call only.
 */
public final class GroupOffsets {

    private final AdminSession kafka;
    private final String groupId;
    private final boolean share;
    private boolean hidden;

    /** Creates access to the offsets of a group of the given kind. */
    public GroupOffsets(AdminSession kafka, String groupId, GroupKind kind) {
        this.kafka = kafka;
        this.groupId = groupId;
        this.share = kind == GroupKind.SHARE;
    }

    /**
     * Where a group is on a partition.
     *
     * @param offset the committed offset, or the start offset of a share group
     * @param unread number of offsets that a share group has not finished; null if unknown and for other groups
     */
    public record Position(long offset, @Nullable Long unread) {

        /**
         * Returns the offset up to which the group has read. A share group may have finished records after its start offset:
         * brokers store that offset late, and records can be finished in any order. It counts as if it had finished them in
         * order.
         */
        public long read(long end) {
            return Math.min(end, unread == null ? offset : Math.max(offset, end - unread));
        }
    }

    /** Returns the offset of the next record by partition, sorted. Partitions without an offset are left out. */
    public Map<TopicPartition, Long> current() {
        Map<TopicPartition, Long> current = new TreeMap<>(CommittedOffsets.PARTITION_ORDER);
        positions().forEach((partition, position) -> current.put(partition, position.offset()));
        return current;
    }

    /** Returns where the group is by partition, sorted. Partitions without an offset are left out. */
    public Map<TopicPartition, Position> positions() {
        Map<TopicPartition, Position> current = new TreeMap<>(CommittedOffsets.PARTITION_ORDER);
        if (!share) {
            CommittedOffsets requested = CommittedOffsets.request(kafka, List.of(groupId), null);
            requested.await(groupId).forEach((partition, commit) -> {
                if (commit != null) {
                    current.put(partition, new Position(commit.offset(), null));
                }
            });
            hidden = requested.hidden();
            return current;
        }
        ShareGroupOffsets requested = ShareGroupOffsets.request(kafka, List.of(groupId));
        requested.await(groupId).forEach((partition, info) -> {
            if (info != null) {
                current.put(
                        partition, new Position(info.startOffset(), info.lag().orElse(null)));
            }
        });
        hidden = requested.hidden();
        return current;
    }

    /** Returns whether the last answer leaves out offsets on topics that the policy does not allow. */
    public boolean hidden() {
        return hidden;
    }

    /**
     * Sets the offsets of partitions.
     *
     * @return the errors by partition; empty if all offsets were set
     * @throws MCPToolError if no offset was set
     */
    public Map<TopicPartition, MCPToolError> move(Map<TopicPartition, Long> offsets) {
        var operation = toMove(offsets.keySet());
        if (share) {
            var result = kafka.writer()
                    .alterShareGroupOffsets(groupId, offsets, kafka.bounded(new AlterShareGroupOffsetsOptions()));
            return failures(offsets.keySet(), result::partitionResult, operation);
        }
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        offsets.forEach((partition, offset) -> commits.put(partition, new OffsetAndMetadata(offset)));
        var result = kafka.writer()
                .alterConsumerGroupOffsets(groupId, commits, kafka.bounded(new AlterConsumerGroupOffsetsOptions()));
        return failures(offsets.keySet(), result::partitionResult, operation);
    }

    /**
     * Deletes the offsets of partitions. For a share group, the offsets of all partitions of their topics are deleted.
     *
     * @return the errors by partition; empty if all offsets were deleted
     * @throws MCPToolError if no offset was deleted
     */
    public Map<TopicPartition, MCPToolError> delete(Set<TopicPartition> partitions) {
        var operation = toDelete(partitions);
        if (share) {
            Set<String> topics = new HashSet<>();
            partitions.forEach(partition -> topics.add(partition.topic()));
            var result = kafka.writer()
                    .deleteShareGroupOffsets(groupId, topics, kafka.bounded(new DeleteShareGroupOffsetsOptions()));
            return failures(partitions, partition -> result.topicResult(partition.topic()), operation);
        }
        var result = kafka.writer()
                .deleteConsumerGroupOffsets(
                        groupId, partitions, kafka.bounded(new DeleteConsumerGroupOffsetsOptions()));
        return failures(partitions, result::partitionResult, operation);
    }

    /**
     * Requires that the ACLs allow to create the group by {@link #move}. Brokers report the authorized operations of existing
     * groups only, but they check this one before they look for the member that is to leave, which does not exist.
     *
     * @throws MCPToolError with {@link StandardErrorCode#NOT_AUTHORIZED} if they do not allow it
     */
    public void requireCreatable(Collection<TopicPartition> partitions) {
        var absent = new MemberToRemove("qicore-mcp-" + UUID.randomUUID());
        var options = new RemoveMembersFromConsumerGroupOptions(List.of(absent));
        try {
            kafka.await(
                    kafka.writer()
                            .removeMembersFromConsumerGroup(groupId, kafka.bounded(options))
                            .memberResult(absent),
                    toMove(partitions));
        } catch (MCPToolError e) {
            if (!(e.getCause() instanceof UnknownMemberIdException)) {
                throw e;
            }
        }
    }

    /** Returns the operation that {@link #move} requests. */
    public KafkaOperation toMove(Collection<TopicPartition> partitions) {
        return change("set the offsets of group '" + groupId + "'", AclOperation.READ, partitions);
    }

    /** Returns the operation that {@link #delete} requests. */
    public KafkaOperation toDelete(Collection<TopicPartition> partitions) {
        return change("delete the offsets of group '" + groupId + "'", AclOperation.DELETE, partitions);
    }

    private KafkaOperation change(String action, AclOperation onGroup, Collection<TopicPartition> partitions) {
        Stream<Access> onTopics = partitions.stream()
                .map(TopicPartition::topic)
                .distinct()
                .map(topic -> Access.toTopic(AclOperation.READ, topic));
        return KafkaOperation.toChange(
                action,
                Map.of("groupId", groupId),
                Stream.concat(Stream.of(Access.toGroup(onGroup, groupId)), onTopics)
                        .toArray(Access[]::new));
    }

    private Map<TopicPartition, MCPToolError> failures(
            Collection<TopicPartition> partitions,
            Function<TopicPartition, KafkaFuture<Void>> results,
            KafkaOperation operation) {
        Map<TopicPartition, MCPToolError> failures = new HashMap<>();
        for (TopicPartition partition : partitions) {
            try {
                kafka.await(results.apply(partition), operation);
            } catch (MCPToolError e) {
                failures.put(partition, e.is(KafkaErrorCode.GROUP_ACTIVE) ? becameActive(e) : e);
            }
        }
        if (!partitions.isEmpty() && failures.size() == partitions.size()) {
            throw failures.values().iterator().next();
        }
        return failures;
    }

    private MCPToolError becameActive(MCPToolError cause) {
        return new MCPToolError(
                KafkaErrorCode.GROUP_ACTIVE,
                "Group '" + groupId + "' has running consumers, so its offsets cannot be changed. Stop them, then call"
                        + " again.",
                Map.of("groupId", groupId),
                cause);
    }
}
