package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.LogBounds.Bound;
import io.qicore.mcp.kafka.internal.LogBounds.Bounds;
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
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Measures the lag of groups with a constant number of batched Admin calls. What cannot be known is left out of the sums
 * and said so. For use by one call.
 */
final class LagReader {

    /** Every bound that there is. */
    static final Set<Bound> ALL_BOUNDS = EnumSet.allOf(Bound.class);

    /** Of a partition that has been asked for and not been answered. */
    private static final Bounds PENDING = new Bounds(null, null, null, null);

    private final AdminSession kafka;
    private final Warnings warnings;
    private final Map<TopicPartition, Bounds> known = new HashMap<>();

    LagReader(AdminSession kafka, Warnings warnings) {
        this.kafka = kafka;
        this.warnings = warnings;
    }

    /**
     * The lag of one group on all partitions on which it has committed, in two calls.
     *
     * @param groups the groups of the cluster, or null if not known: then the state is not, either
     * @return null if the group has committed nothing
     */
    @Nullable
    GroupLag ofGroup(String groupId, @Nullable Groups groups, Set<Bound> bounds) {
        Map<TopicPartition, @Nullable OffsetAndMetadata> committed =
                Commits.request(kafka, List.of(groupId), null).await(groupId);
        if (committed.isEmpty()) {
            return null;
        }
        Map<TopicPartition, Bounds> logs =
                LogBounds.request(kafka, committed.keySet(), bounds).await();
        requireSome(logs);
        GroupKind kind = groups == null ? null : groups.kind(groupId);
        return GroupLag.of(
                groupId,
                groups == null ? null : groups.state(groupId),
                kind == null ? null : kind.unusual(),
                committed,
                logs);
    }

    /** The same, knowing whether the group's next records are still there: one more call unless it has no lag. */
    GroupLag refined(GroupLag lag) {
        Map<TopicPartition, PartitionLag> worst = new HashMap<>();
        lag.rows().stream()
                .filter(row -> row.reason() == null && row.lag() != null && row.lag() > 0)
                .forEach(row -> worst.put(new TopicPartition(String.valueOf(row.topic()), row.partition()), row));
        if (worst.isEmpty()) {
            return lag;
        }
        Map<TopicPartition, Bounds> logs = LogBounds.starts(kafka, worst.keySet());
        List<PartitionLag> rows = new ArrayList<>(lag.rows());
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
        return GroupLag.of(lag.groupId(), lag.state(), lag.type(), rows);
    }

    /**
     * The lag of groups on one topic, in as many calls as for one group.
     *
     * @param named whether to tell even of groups that do not consume the topic
     */
    List<GroupLag> onTopic(TopicDescription topic, Collection<String> groupIds, Groups groups, boolean named) {
        List<TopicPartition> partitions = new ArrayList<>();
        List<TopicPartition> led = new ArrayList<>();
        for (var info : topic.partitions()) {
            var id = new TopicPartition(topic.name(), info.partition());
            partitions.add(id);
            if (Topics.leader(info) != null) {
                led.add(id);
            }
        }
        Commits commits = Commits.request(kafka, groupIds, partitions);
        Map<TopicPartition, Bounds> logs =
                new HashMap<>(LogBounds.request(kafka, led, ALL_BOUNDS).await());
        for (TopicPartition partition : partitions) {
            logs.computeIfAbsent(partition, id -> new Bounds(null, null, null, LogBounds.withoutLeader(id)));
        }
        requireSome(logs);
        return lags(commits, groupIds, groups, partitions, logs, named);
    }

    /**
     * The lag of groups on everything that they have committed on. Bounds are asked for once, however often this is
     * called.
     *
     * @param bounds beside the ends
     */
    List<GroupLag> everywhere(Collection<String> groupIds, Groups groups, Set<Bound> bounds) {
        Commits commits = Commits.request(kafka, groupIds, null);
        Map<String, Map<TopicPartition, @Nullable OffsetAndMetadata>> committed = new LinkedHashMap<>();
        List<TopicPartition> unknown = new ArrayList<>();
        int unreadable = 0;
        for (String groupId : groupIds) {
            var offsets = await(commits, groupId, ++unreadable == groupIds.size());
            if (offsets != null) {
                unreadable--;
                committed.put(groupId, offsets);
                // A plain loop that looks each up once: on a large cluster there are very many.
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
                GroupKind kind = groups.kind(groupId);
                lags.add(GroupLag.of(
                        groupId, groups.state(groupId), kind == null ? null : kind.unusual(), offsets, known));
            }
        });
        return lags;
    }

    /** The lag of share groups; those that cannot be read are told in the warnings. */
    List<GroupLag> shared(Collection<String> groupIds, Groups groups, Predicate<String> topics) {
        if (groupIds.isEmpty()) {
            return List.of();
        }
        ShareOffsets offsets = ShareOffsets.request(kafka, groupIds);
        List<GroupLag> lags = new ArrayList<>();
        for (String groupId : groupIds) {
            try {
                GroupLag lag = offsets.lag(groupId, groups.state(groupId), topics);
                if (!lag.rows().isEmpty()) {
                    lags.add(lag);
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

    private List<GroupLag> lags(
            Commits commits,
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
        GroupKind kind = groups.kind(groupId);
        return GroupLag.of(
                groupId, groups.state(groupId), kind == null ? null : kind.unusual(), partitions, offsets, logs);
    }

    /** Null, and a warning, if this group cannot be read; unless it was the last hope of the call. */
    private @Nullable Map<TopicPartition, @Nullable OffsetAndMetadata> await(
            Commits commits, String groupId, boolean lastHope) {
        try {
            return commits.await(groupId);
        } catch (MCPToolError e) {
            if (lastHope || e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                throw e;
            }
            warnings.add(e.getMessage());
            return null;
        }
    }

    /** Fails when not one end is known and no topic was deleted: a lag of 0 would be a lie then. */
    private void requireSome(Map<TopicPartition, Bounds> logs) {
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
