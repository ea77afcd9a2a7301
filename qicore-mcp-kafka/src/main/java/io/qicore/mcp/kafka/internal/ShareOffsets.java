package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.tool.MCPToolError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where share groups are. Their lag comes from the brokers (KIP-1226): records between the start and the end may have
 * been acknowledged out of order, so it is not the end less the start.
 */
final class ShareOffsets {

    private final AdminSession kafka;
    private final ListShareGroupOffsetsResult result;

    private ShareOffsets(AdminSession kafka, ListShareGroupOffsetsResult result) {
        this.kafka = kafka;
        this.result = result;
    }

    /** Asks for all partitions of some share groups, without waiting. */
    static ShareOffsets request(AdminSession kafka, Collection<String> groupIds) {
        Map<String, ListShareGroupOffsetsSpec> specs = new HashMap<>();
        groupIds.forEach(id -> specs.put(id, new ListShareGroupOffsetsSpec()));
        var options = kafka.bounded(new ListShareGroupOffsetsOptions());
        return new ShareOffsets(kafka, kafka.admin().listShareGroupOffsets(specs, options));
    }

    /**
     * Waits for those of one group, sorted, without topics that the policy does not allow.
     *
     * @return null for a partition that the group has not begun
     */
    Map<TopicPartition, @Nullable SharePartitionOffsetInfo> await(String groupId) {
        var attempt = Attempt.toRead("read the offsets of share group '" + groupId + "'", Map.of("groupId", groupId));
        Map<TopicPartition, @Nullable SharePartitionOffsetInfo> sorted = new TreeMap<>(Commits.PARTITION_ORDER);
        kafka.await(result.partitionsToOffsetInfo(groupId), attempt).forEach((partition, info) -> {
            if (kafka.permissions().topic(partition.topic())) {
                sorted.put(partition, info);
            }
        });
        return sorted;
    }

    /**
     * The lag of one group.
     *
     * @throws MCPToolError as {@link #await} does
     */
    GroupLag lag(String groupId, @Nullable String state, Predicate<String> topics) {
        List<PartitionLag> rows = new ArrayList<>();
        await(groupId).forEach((partition, info) -> {
            if (topics.test(partition.topic())) {
                rows.add(row(partition, info));
            }
        });
        return GroupLag.of(groupId, state, GroupKind.SHARE.unusual(), rows);
    }

    private static PartitionLag row(TopicPartition id, @Nullable SharePartitionOffsetInfo info) {
        Long start = info == null ? null : info.startOffset();
        Long lag = info == null ? null : info.lag().orElse(null);
        LagReason reason = info == null ? LagReason.UNCOMMITTED : lag == null ? LagReason.BROKER_TOO_OLD : null;
        return new PartitionLag(id.topic(), id.partition(), start, null, lag, null, null, null, reason);
    }
}
