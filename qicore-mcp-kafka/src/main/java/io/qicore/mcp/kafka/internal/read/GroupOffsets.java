package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.AlterShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.DeleteConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.DeleteShareGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Where one group is, and how to move it: by its commits, or by the start offsets that brokers keep for a share group.
 * For use by one call.
 */
public final class GroupOffsets {

    private final AdminSession kafka;
    private final String groupId;
    private final boolean share;

    public GroupOffsets(AdminSession kafka, String groupId, GroupKind kind) {
        this.kafka = kafka;
        this.groupId = groupId;
        this.share = kind == GroupKind.SHARE;
    }

    /** The offset of the next record by partition, sorted; without partitions that the group has not begun. */
    public Map<TopicPartition, Long> current() {
        Map<TopicPartition, Long> current = new TreeMap<>(CommittedOffsets.PARTITION_ORDER);
        if (!share) {
            CommittedOffsets.request(kafka, List.of(groupId), null)
                    .await(groupId)
                    .forEach((partition, commit) -> {
                        if (commit != null) {
                            current.put(partition, commit.offset());
                        }
                    });
            return current;
        }
        ShareGroupOffsets.request(kafka, List.of(groupId)).await(groupId).forEach((partition, info) -> {
            if (info != null) {
                current.put(partition, info.startOffset());
            }
        });
        return current;
    }

    /**
     * Moves the group.
     *
     * @return what went wrong, by partition; empty when all were moved
     * @throws MCPToolError if none was moved
     */
    public Map<TopicPartition, MCPToolError> move(Map<TopicPartition, Long> offsets) {
        var operation = change("move group '" + groupId + "'");
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
     * Forgets offsets; those of a share group for whole topics only.
     *
     * @return what went wrong, by partition
     * @throws MCPToolError if none was forgotten
     */
    public Map<TopicPartition, MCPToolError> delete(Set<TopicPartition> partitions) {
        var operation = change("delete offsets of group '" + groupId + "'");
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

    private KafkaOperation change(String action) {
        return KafkaOperation.toChange(action, Map.of("groupId", groupId));
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
