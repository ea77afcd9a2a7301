package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.Access;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import io.qicore.mcp.kafka.internal.admin.Permissions;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * The committed offsets of groups, read for many groups at once with one request to each coordinator. {@link #request}
 * sends the requests and does not wait.
 */
public final class CommittedOffsets {

    /** Sorts partitions by topic, then by number. */
    public static final Comparator<TopicPartition> PARTITION_ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private final AdminSession kafka;
    private final @Nullable Collection<TopicPartition> partitions;
    private final ListConsumerGroupOffsetsResult result;
    private boolean hidden;

    private CommittedOffsets(
            AdminSession kafka,
            @Nullable Collection<TopicPartition> partitions,
            ListConsumerGroupOffsetsResult result) {
        this.kafka = kafka;
        this.partitions = partitions;
        this.result = result;
    }

    /**
     * Requests committed offsets. Does not wait.
     *
     * @param partitions the partitions, or null for all partitions for which a group has committed offsets
     */
    public static CommittedOffsets request(
            AdminSession kafka, Collection<String> groupIds, @Nullable Collection<TopicPartition> partitions) {
        var spec = new ListConsumerGroupOffsetsSpec();
        spec.topicPartitions(partitions);
        Map<String, ListConsumerGroupOffsetsSpec> specs = new HashMap<>();
        groupIds.forEach(id -> specs.put(id, spec));
        // A coordinator that hangs must leave the time for the other groups and for the logs.
        var options = kafka.bounded(
                new ListConsumerGroupOffsetsOptions(), kafka.remaining().dividedBy(2));
        return new CommittedOffsets(kafka, partitions, kafka.admin().listConsumerGroupOffsets(specs, options));
    }

    /** Waits for the answer about a group, whether it is a success or a failure. Returns whether it has arrived. */
    public boolean arrived(String groupId, Duration patience) {
        return kafka.done(result.partitionsToOffsetAndMetadata(groupId), patience);
    }

    /**
     * Waits for the committed offsets of one group. Topics that the policy does not allow are left out.
     *
     * @return the committed offset by partition; null for a requested partition without a committed offset. The Admin leaves
     *     out partitions that it could not read
     */
    public Map<TopicPartition, @Nullable OffsetAndMetadata> await(String groupId) {
        var operation = KafkaOperation.toRead(
                "read the offsets of group '" + groupId + "'",
                Map.of("groupId", groupId),
                Access.toGroup(AclOperation.DESCRIBE, groupId));
        Map<TopicPartition, OffsetAndMetadata> committed =
                kafka.await(result.partitionsToOffsetAndMetadata(groupId), operation);
        Permissions permissions = kafka.permissions();
        if (partitions != null || permissions.everyTopic()) {
            // The map is not copied, because a large cluster has very many committed offsets.
            return committed;
        }
        Map<TopicPartition, @Nullable OffsetAndMetadata> allowed = new HashMap<>(committed);
        hidden |= allowed.keySet().removeIf(partition -> !permissions.topic(partition.topic()));
        return allowed;
    }

    /** Returns whether offsets have been left out because the policy does not allow their topics. */
    public boolean hidden() {
        return hidden;
    }
}
