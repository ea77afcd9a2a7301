package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.LogBounds;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bound;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bounds;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.ShareGroupOffsets;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Measures the lag of groups with a constant number of batched Admin calls. A partition that cannot be read is left out
 * of the sums and has a reason; a group that cannot be read gets a warning. For use by one call.
 */
final class LagReader {

    /** All bounds of a log beside its end. */
    static final Set<Bound> ALL_BOUNDS = EnumSet.allOf(Bound.class);

    /** Marks a partition whose bounds have been requested but not received. */
    private static final Bounds PENDING = new Bounds(null, null, null, null);

    private final AdminSession kafka;
    private final Warnings warnings;
    private final Map<TopicPartition, Bounds> known = new HashMap<>();

    LagReader(AdminSession kafka, Warnings warnings) {
        this.kafka = kafka;
        this.warnings = warnings;
    }

    /**
     * Returns the lag of one group on all partitions with a committed offset. Costs two calls.
     *
     * @param groups the groups of the cluster; null if unknown, which leaves the state and kind of the group unknown
     * @param bounds the bounds to read beside the end offsets
     * @return null if the group has not committed any offset
     */
    @Nullable
    GroupLag ofGroup(String groupId, @Nullable Groups groups, Set<Bound> bounds) {
        Map<TopicPartition, @Nullable OffsetAndMetadata> committed =
                CommittedOffsets.request(kafka, List.of(groupId), null).await(groupId);
        if (committed.isEmpty()) {
            return null;
        }
        Map<TopicPartition, Bounds> logs =
                LogBounds.request(kafka, committed.keySet(), bounds).await();
        requireAnyEnd(logs);
        return GroupLag.of(
                groupId,
                groups == null ? null : groups.state(groupId),
                groups == null ? null : groups.kind(groupId),
                committed,
                logs);
    }

    /** Returns the lag with expired offsets marked. Costs one more call unless the group has no lag. */
    GroupLag withExpiredOffsets(GroupLag lag) {
        Map<TopicPartition, PartitionLag> worst = new HashMap<>();
        lag.partitions().stream()
                .filter(row -> row.reason() == null && row.behind())
                .forEach(row -> worst.put(row.id(), row));
        if (worst.isEmpty()) {
            return lag;
        }
        Map<TopicPartition, Bounds> logs = LogBounds.starts(kafka, worst.keySet());
        List<PartitionLag> rows = new ArrayList<>(lag.partitions());
        worst.forEach((id, row) -> {
            Bounds start = logs.get(id);
            if (start != null) {
                rows.set(
                        rows.indexOf(row),
                        PartitionLag.of(
                                id,
                                true,
                                row.committedOffset(),
                                new Bounds(row.endOffset(), start.start(), null, null)));
            }
        });
        return GroupLag.of(lag.groupId(), lag.state(), lag.kind(), rows);
    }

    /**
     * Returns the lag of groups on one topic. Costs as many calls as for one group.
     *
     * @param named whether to include groups that do not consume the topic
     */
    List<GroupLag> onTopic(TopicDescription topic, Collection<String> groupIds, Groups groups, boolean named) {
        List<TopicPartition> partitions = new ArrayList<>();
        topic.partitions().forEach(info -> partitions.add(new TopicPartition(topic.name(), info.partition())));
        CommittedOffsets commits = CommittedOffsets.request(kafka, groupIds, partitions);
        Map<TopicPartition, Bounds> logs = new HashMap<>(
                LogBounds.request(kafka, Topics.led(topic), ALL_BOUNDS).await());
        for (TopicPartition partition : partitions) {
            logs.computeIfAbsent(partition, id -> new Bounds(null, null, null, LogOffsets.withoutLeader(id)));
        }
        requireAnyEnd(logs);
        return lags(commits, groupIds, groups, partitions, logs, named);
    }

    /**
     * Returns the lag of groups on all partitions with a committed offset. The bounds of a partition are read only
     * once, even over several calls of this method.
     *
     * @param bounds the bounds to read beside the end offsets
     */
    List<GroupLag> ofGroups(Collection<String> groupIds, Groups groups, Set<Bound> bounds) {
        CommittedOffsets commits = CommittedOffsets.request(kafka, groupIds, null);
        Map<String, Map<TopicPartition, @Nullable OffsetAndMetadata>> committed = new LinkedHashMap<>();
        List<TopicPartition> unknown = new ArrayList<>();
        int unreadable = 0;
        for (String groupId : groupIds) {
            var offsets = await(commits, groupId, ++unreadable == groupIds.size());
            if (offsets != null) {
                unreadable--;
                committed.put(groupId, offsets);
                // A plain loop with one lookup each, because a large cluster has very many partitions.
                for (TopicPartition partition : offsets.keySet()) {
                    if (known.putIfAbsent(partition, PENDING) == null) {
                        unknown.add(partition);
                    }
                }
            }
        }
        known.putAll(LogBounds.request(kafka, unknown, bounds).await());
        List<GroupLag> lags = new ArrayList<>(committed.size());
        committed.forEach((groupId, offsets) -> {
            if (!offsets.isEmpty()) {
                lags.add(GroupLag.of(groupId, groups.state(groupId), groups.kind(groupId), offsets, known));
            }
        });
        return lags;
    }

    /** Returns the lag of share groups. A group that cannot be read is left out, with a warning. */
    List<GroupLag> ofShareGroups(Collection<String> groupIds, Groups groups, Predicate<String> topics) {
        if (groupIds.isEmpty()) {
            return List.of();
        }
        ShareGroupOffsets offsets = ShareGroupOffsets.request(kafka, groupIds);
        List<GroupLag> lags = new ArrayList<>();
        for (String groupId : groupIds) {
            try {
                List<PartitionLag> rows = new ArrayList<>();
                offsets.await(groupId).forEach((partition, info) -> {
                    if (topics.test(partition.topic())) {
                        rows.add(ofSharePartition(partition, info));
                    }
                });
                if (!rows.isEmpty()) {
                    lags.add(GroupLag.of(groupId, groups.state(groupId), GroupKind.SHARE, rows));
                }
            } catch (MCPToolError e) {
                if (groupIds.size() == 1 && e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                    throw e;
                }
                warnings.add(e.getMessage());
            }
        }
        return lags;
    }

    /**
     * Returns the lag that the broker reports for a partition of a share group. It does not report the end of the log.
     */
    private static PartitionLag ofSharePartition(TopicPartition id, @Nullable SharePartitionOffsetInfo info) {
        Long start = info == null ? null : info.startOffset();
        Long lag = info == null ? null : info.lag().orElse(null);
        LagReason reason = info == null ? LagReason.UNCOMMITTED : lag == null ? LagReason.BROKER_TOO_OLD : null;
        return PartitionLag.of(id, start, null, lag, reason);
    }

    private List<GroupLag> lags(
            CommittedOffsets commits,
            Collection<String> groupIds,
            Groups groups,
            List<TopicPartition> partitions,
            Map<TopicPartition, Bounds> logs,
            boolean named) {
        List<GroupLag> lags = new ArrayList<>();
        int unreadable = 0;
        for (String groupId : groupIds) {
            var offsets = await(commits, groupId, ++unreadable == groupIds.size());
            if (offsets != null) {
                unreadable--;
                var lag = lag(groupId, groups, partitions, offsets, logs);
                if (named || lag.consumes()) {
                    lags.add(lag);
                }
            }
        }
        return lags;
    }

    private static GroupLag lag(
            String groupId,
            Groups groups,
            Collection<TopicPartition> partitions,
            Map<TopicPartition, @Nullable OffsetAndMetadata> offsets,
            Map<TopicPartition, Bounds> logs) {
        return GroupLag.of(groupId, groups.state(groupId), groups.kind(groupId), partitions, offsets, logs);
    }

    /**
     * Returns the committed offsets of a group, or null with a warning if they cannot be read.
     *
     * @param failIfUnreadable whether no other group could be read, so that the failure is thrown instead
     */
    private @Nullable Map<TopicPartition, @Nullable OffsetAndMetadata> await(
            CommittedOffsets commits, String groupId, boolean failIfUnreadable) {
        try {
            return commits.await(groupId);
        } catch (MCPToolError e) {
            if (failIfUnreadable || e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            warnings.add(e.getMessage());
            return null;
        }
    }

    /** Fails if no end offset is known and no topic was deleted, because a lag of 0 would be wrong then. */
    private void requireAnyEnd(Map<TopicPartition, Bounds> logs) {
        MCPToolError failure = null;
        boolean some = logs.isEmpty();
        for (Bounds log : logs.values()) {
            if (log.error() == null || log.error().is(KafkaErrorCode.TOPIC_NOT_FOUND)) {
                some = true;
            } else {
                failure = log.error();
                warnings.add(failure.getMessage());
            }
        }
        if (!some && failure != null) {
            throw failure;
        }
    }
}
