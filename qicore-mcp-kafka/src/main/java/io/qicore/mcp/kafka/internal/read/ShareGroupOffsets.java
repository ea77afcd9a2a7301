package io.qicore.mcp.kafka.internal.read;

import io.qicore.mcp.kafka.internal.admin.Access;
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
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * The offsets of share groups. Brokers report their lag (KIP-1226). It is not the difference between the end offset and the
 * start offset, because records in between may have been acknowledged out of order.
 */
public final class ShareGroupOffsets {

    private final AdminSession kafka;
    private final ListShareGroupOffsetsResult result;
    private boolean hidden;

    private ShareGroupOffsets(AdminSession kafka, ListShareGroupOffsetsResult result) {
        this.kafka = kafka;
        this.result = result;
    }

    /** Requests the offsets of share groups for all their partitions. Does not wait. */
    public static ShareGroupOffsets request(AdminSession kafka, Collection<String> groupIds) {
        Map<String, ListShareGroupOffsetsSpec> specs = new HashMap<>();
        groupIds.forEach(id -> specs.put(id, new ListShareGroupOffsetsSpec()));
        var options = kafka.bounded(new ListShareGroupOffsetsOptions());
        return new ShareGroupOffsets(kafka, kafka.admin().listShareGroupOffsets(specs, options));
    }

    /**
     * Waits for the offsets of one group. Topics that the policy does not allow are left out.
     *
     * @return the offsets by partition, sorted; null for a partition that the group has not started to read
     */
    public Map<TopicPartition, @Nullable SharePartitionOffsetInfo> await(String groupId) {
        var operation = KafkaOperation.toRead(
                "read the offsets of share group '" + groupId + "'",
                Map.of("groupId", groupId),
                Access.toGroup(AclOperation.DESCRIBE, groupId));
        Map<TopicPartition, @Nullable SharePartitionOffsetInfo> sorted =
                new TreeMap<>(CommittedOffsets.PARTITION_ORDER);
        kafka.await(result.partitionsToOffsetInfo(groupId), operation).forEach((partition, info) -> {
            if (kafka.permissions().topic(partition.topic())) {
                sorted.put(partition, info);
            } else {
                hidden = true;
            }
        });
        return sorted;
    }

    /** Returns whether offsets have been left out because the policy does not allow their topics. */
    public boolean hidden() {
        return hidden;
    }
}
