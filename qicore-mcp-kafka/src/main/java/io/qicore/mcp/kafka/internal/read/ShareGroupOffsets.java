package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.KafkaOperation;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The offsets of share groups. Their lag comes from the brokers (KIP-1226): records between the start and the end may have
 * been acknowledged out of order, so it is not the end less the start.
 */
public final class ShareGroupOffsets {

    private final AdminSession kafka;
    private final ListShareGroupOffsetsResult result;

    private ShareGroupOffsets(AdminSession kafka, ListShareGroupOffsetsResult result) {
        this.kafka = kafka;
        this.result = result;
    }

    /** Asks for all partitions of some share groups, without waiting. */
    public static ShareGroupOffsets request(AdminSession kafka, Collection<String> groupIds) {
        Map<String, ListShareGroupOffsetsSpec> specs = new HashMap<>();
        groupIds.forEach(id -> specs.put(id, new ListShareGroupOffsetsSpec()));
        var options = kafka.bounded(new ListShareGroupOffsetsOptions());
        return new ShareGroupOffsets(kafka, kafka.admin().listShareGroupOffsets(specs, options));
    }

    /**
     * Waits for those of one group, sorted, without topics that the policy does not allow.
     *
     * @return null for a partition that the group has not begun
     */
    public Map<TopicPartition, @Nullable SharePartitionOffsetInfo> await(String groupId) {
        var operation =
                KafkaOperation.toRead("read the offsets of share group '" + groupId + "'", Map.of("groupId", groupId));
        Map<TopicPartition, @Nullable SharePartitionOffsetInfo> sorted =
                new TreeMap<>(CommittedOffsets.PARTITION_ORDER);
        kafka.await(result.partitionsToOffsetInfo(groupId), operation).forEach((partition, info) -> {
            if (kafka.permissions().topic(partition.topic())) {
                sorted.put(partition, info);
            }
        });
        return sorted;
    }
}
