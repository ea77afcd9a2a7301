package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.admin.AdminSession;
import io.qicore.mcp.kafka.internal.admin.Warnings;
import io.qicore.mcp.kafka.internal.read.CommittedOffsets;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.GroupMembers;
import io.qicore.mcp.kafka.internal.read.Groups;
import io.qicore.mcp.kafka.internal.read.LogBounds;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bound;
import io.qicore.mcp.kafka.internal.read.LogBounds.Bounds;
import io.qicore.mcp.kafka.internal.read.LogOffsets;
import io.qicore.mcp.kafka.internal.read.ShareGroupOffsets;
import io.qicore.mcp.kafka.internal.read.Topics;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Measures the lag of groups with a constant number of batched Admin calls. A partition that cannot be read is left out
 * of the sums and has a reason; a group that cannot be read gets a warning. For use by one call.
 */
public final class LagReader {

    /** All bounds of a log beside its end. */
    public static final Set<Bound> ALL_BOUNDS = EnumSet.allOf(Bound.class);

    /** The bounds that tell which offsets of a group have been deleted. */
    public static final Set<Bound> WITH_START = EnumSet.of(Bound.START);

    /** How long to wait for the offsets of a group before its coordinator is looked at. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final int MAX_NAMED = 5;

    /** Marks a partition whose bounds have been requested but not received. */
    private static final Bounds PENDING = new Bounds(null, null, null, null);

    private final AdminSession kafka;
    private final Warnings warnings;
    private final Map<TopicPartition, Bounds> known = new HashMap<>();
    private final Map<String, Long> neverCommitted = new HashMap<>();
    private final Set<String> ahead = new TreeSet<>();
    private boolean hidden;

    public LagReader(AdminSession kafka, Warnings warnings) {
        this.kafka = kafka;
        this.warnings = warnings;
    }

    /**
     * Returns the lag of one group on all partitions with a committed offset, and on those assigned to its members. The
     * group and its offsets are requested at once, then the bounds of the logs at once.
     *
     * @param groups the groups of the cluster; null if unknown, in which case the group is asked for as a classic one first
     * @param list lists the groups, if the group is not a classic one
     * @param bounds the bounds to read beside the end offsets
     * @return null if the group has not committed any offset and does not have a member with a partition
     * @throws MCPToolError with {@link KafkaErrorCode#BROKER_UNAVAILABLE}, within a second, if the coordinator is down
     */
    @Nullable
    public GroupLag ofGroup(String groupId, @Nullable Groups groups, Supplier<Groups> list, Set<Bound> bounds) {
        CommittedOffsets commits = CommittedOffsets.request(kafka, List.of(groupId), null);
        GroupMembers requested = groups == null
                ? GroupMembers.requestClassic(kafka, groupId)
                : GroupMembers.request(kafka, List.of(groupId), groups);
        // The Admin looks for a coordinator that is down until its time limit, without reporting it.
        if (!commits.arrived(groupId, PATIENCE)) {
            MCPToolError down = Groups.coordinatorDown(kafka, groupId);
            if (down != null) {
                throw down;
            }
        }
        var committed = commits.await(groupId);
        hidden |= commits.hidden();
        GroupDetails members = members(requested, groupId);
        if (groups != null || members != null) {
            return ofGroup(groupId, groups, members, committed, bounds);
        }
        Groups listed = list.get();
        GroupMembers ofKind = GroupMembers.request(kafka, List.of(groupId), listed);
        return ofGroup(groupId, listed, members(ofKind, groupId), committed, bounds);
    }

    private @Nullable GroupLag ofGroup(
            String groupId,
            @Nullable Groups groups,
            @Nullable GroupDetails members,
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed,
            Set<Bound> bounds) {
        return ofGroup(
                groupId,
                members == null && groups != null ? groups.state(groupId) : members == null ? null : members.state(),
                members == null && groups != null ? groups.kind(groupId) : members == null ? null : members.kind(),
                inputs(members),
                committed,
                bounds,
                true);
    }

    /**
     * Returns the lag of a group that has already been described. If no partition can be read, the reason of each is the
     * answer.
     */
    @Nullable
    public GroupLag ofGroup(GroupDetails group, Set<Bound> bounds) {
        CommittedOffsets commits = CommittedOffsets.request(kafka, List.of(group.groupId()), null);
        var committed = commits.await(group.groupId());
        hidden |= commits.hidden();
        return ofGroup(group.groupId(), group.state(), group.kind(), inputs(group), committed, bounds, false);
    }

    private @Nullable GroupLag ofGroup(
            String groupId,
            @Nullable String state,
            @Nullable GroupKind kind,
            Set<TopicPartition> assigned,
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed,
            Set<Bound> bounds,
            boolean failIfUnreadable) {
        Set<TopicPartition> partitions = new HashSet<>(committed.keySet());
        partitions.addAll(assigned);
        if (partitions.isEmpty()) {
            return null;
        }
        Map<TopicPartition, Bounds> logs =
                LogBounds.request(kafka, partitions, bounds).await();
        MCPToolError unreadable = warnOfUnreadable(logs);
        if (failIfUnreadable && unreadable != null) {
            throw unreadable;
        }
        return GroupLag.of(groupId, state, kind, assigned, committed, logs);
    }

    /** Returns the partitions that members read, without those that the policy does not allow. */
    private Set<TopicPartition> inputs(@Nullable GroupDetails group) {
        if (group == null) {
            return Set.of();
        }
        Set<TopicPartition> inputs = group.inputs();
        hidden |= inputs.removeIf(partition -> !kafka.permissions().topic(partition.topic()));
        return inputs;
    }

    /** Returns a group with members; null with a warning if they cannot be read. */
    private @Nullable GroupDetails members(GroupMembers requested, String groupId) {
        return warnings.attempt(() -> requested.await(groupId)).orElse(null);
    }

    /**
     * Warns about what is in no sum: topics that the policy does not allow, and the partitions of these groups whose lag is
     * unknown, because members read them without a committed offset or because the offset is beyond the end of the log.
     */
    public void warnOfMissing(Collection<GroupLag> lags) {
        if (hidden) {
            warnings.add(
                    "Topics that this server or this caller is not allowed to use are not in this answer, although groups read them.");
        }
        lags.forEach(this::note);
        if (!ahead.isEmpty()) {
            warnings.add(
                    "Committed offsets are beyond the end of the log, because the topic was deleted and created again or"
                            + " lost records, so how much is unread there is unknown and not in lag. Groups: "
                            + named(ahead.stream()
                                    .map(groupId -> "'" + groupId + "'")
                                    .toList())
                            + ". Call explain_lag.");
        }
        if (neverCommitted.isEmpty()) {
            return;
        }
        List<String> worst = neverCommitted.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> "'" + entry.getKey() + "' (up to " + entry.getValue() + ")")
                .toList();
        warnings.add(
                "Members read partitions without a committed offset, so how much is unread there is unknown and not in"
                        + " lag: at least 0 and at most all offsets of these partitions. Groups: " + named(worst)
                        + ". They may just have started, or cannot process their first record: call explain_lag.");
    }

    private static String named(List<String> groups) {
        int more = groups.size() - MAX_NAMED;
        return String.join(", ", groups.subList(0, Math.min(MAX_NAMED, groups.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }

    /** Returns whether groups use topics that the policy does not allow, which are left out. */
    public boolean hidden() {
        return hidden;
    }

    /** Remembers a group for {@link #warnOfMissing}, which may not be in the answer itself. */
    public void note(GroupLag lag) {
        long possible = lag.possible();
        if (possible > 0) {
            neverCommitted.put(lag.groupId(), possible);
        }
        if (lag.aheadOfEnd()) {
            ahead.add(lag.groupId());
        }
    }

    /**
     * Returns the lag of groups on one topic. Costs as many calls as for one group.
     *
     * @param named whether to include groups that do not consume the topic
     */
    public List<GroupLag> onTopic(TopicDescription topic, Collection<String> groupIds, Groups groups, boolean named) {
        List<TopicPartition> partitions = new ArrayList<>();
        topic.partitions().forEach(info -> partitions.add(new TopicPartition(topic.name(), info.partition())));
        CommittedOffsets commits = CommittedOffsets.request(kafka, groupIds, partitions);
        GroupMembers members = GroupMembers.request(kafka, groupIds, groups);
        Map<TopicPartition, Bounds> logs = new HashMap<>(
                LogBounds.request(kafka, Topics.led(topic), ALL_BOUNDS).await());
        for (TopicPartition partition : partitions) {
            logs.computeIfAbsent(partition, id -> new Bounds(null, null, null, LogOffsets.withoutLeader(id)));
        }
        MCPToolError unreadable = warnOfUnreadable(logs);
        if (unreadable != null) {
            throw unreadable;
        }
        return lags(commits, members, groupIds, groups, partitions, logs, named);
    }

    /**
     * Returns the lag of groups on all partitions with a committed offset or assigned to a member. The bounds of a partition are read only
     * once, even over several calls of this method.
     *
     * @param bounds the bounds to read beside the end offsets
     */
    public List<GroupLag> ofGroups(Collection<String> groupIds, Groups groups, Set<Bound> bounds) {
        CommittedOffsets commits = CommittedOffsets.request(kafka, groupIds, null);
        GroupMembers members = GroupMembers.request(kafka, groupIds, groups);
        Map<String, Map<TopicPartition, @Nullable OffsetAndMetadata>> committed = new LinkedHashMap<>();
        Map<String, Set<TopicPartition>> assigned = new HashMap<>();
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
                GroupDetails group = members(members, groupId);
                if (group != null) {
                    Set<TopicPartition> inputs = inputs(group);
                    assigned.put(groupId, inputs);
                    inputs.stream()
                            .filter(partition -> known.putIfAbsent(partition, PENDING) == null)
                            .forEach(unknown::add);
                }
            }
        }
        hidden |= commits.hidden();
        known.putAll(LogBounds.request(kafka, unknown, bounds).await());
        List<GroupLag> lags = new ArrayList<>(committed.size());
        committed.forEach((groupId, offsets) -> {
            Set<TopicPartition> inputs = assigned.getOrDefault(groupId, Set.of());
            if (!offsets.isEmpty() || !inputs.isEmpty()) {
                lags.add(GroupLag.of(groupId, groups.state(groupId), groups.kind(groupId), inputs, offsets, known));
            }
        });
        return lags;
    }

    /**
     * Returns the lag of share groups. A group that cannot be read is left out, with a warning.
     *
     * @param topic the only topic to look at; null for all
     */
    public List<GroupLag> ofShareGroups(Collection<String> groupIds, Groups groups, @Nullable String topic) {
        if (groupIds.isEmpty()) {
            return List.of();
        }
        ShareGroupOffsets requested = ShareGroupOffsets.request(kafka, groupIds);
        Map<String, Map<TopicPartition, @Nullable SharePartitionOffsetInfo>> offsets = new LinkedHashMap<>();
        Set<TopicPartition> partitions = new HashSet<>();
        for (String groupId : groupIds) {
            try {
                var read = requested.await(groupId);
                read.keySet().removeIf(partition -> topic != null && !topic.equals(partition.topic()));
                if (!read.isEmpty()) {
                    offsets.put(groupId, read);
                    partitions.addAll(read.keySet());
                }
            } catch (MCPToolError e) {
                if (groupIds.size() == 1 || e.is(StandardErrorCode.DEADLINE_EXCEEDED)) {
                    throw e;
                }
                warnings.add(e.getMessage());
            }
        }
        hidden |= topic == null && requested.hidden();
        Map<TopicPartition, Bounds> logs =
                LogBounds.request(kafka, partitions, WITH_START).await();
        List<GroupLag> lags = new ArrayList<>();
        offsets.forEach((groupId, read) -> {
            String state = groups.state(groupId);
            boolean members = !GroupState.EMPTY.toString().equals(state);
            List<PartitionLag> rows = new ArrayList<>();
            read.forEach((partition, info) ->
                    rows.add(ofSharePartition(partition, info, members, Objects.requireNonNull(logs.get(partition)))));
            lags.add(GroupLag.of(groupId, state, GroupKind.SHARE, rows));
        });
        return lags;
    }

    /**
     * Returns the lag that the broker reports for a partition of a share group. It is not the difference of two offsets,
     * because records after the start offset may be finished.
     */
    private static PartitionLag ofSharePartition(
            TopicPartition id, @Nullable SharePartitionOffsetInfo info, boolean members, Bounds log) {
        Long start = info == null ? null : info.startOffset();
        Long lag = info == null ? null : info.lag().orElse(null);
        LagReason reason = null;
        if (info == null) {
            reason = log.error() == null ? LagReason.UNCOMMITTED : LagReason.of(log.error());
        } else if (lag == null) {
            reason = log.error() == null ? LagReason.BROKER_TOO_OLD : LagReason.of(log.error());
        }
        return PartitionLag.of(id, start, log.start(), log.end(), lag, members, reason);
    }

    private List<GroupLag> lags(
            CommittedOffsets commits,
            GroupMembers members,
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
                GroupDetails group = members(members, groupId);
                var lag = GroupLag.of(
                        groupId,
                        groups.state(groupId),
                        groups.kind(groupId),
                        partitions,
                        group == null ? Set.of() : group.inputs(),
                        offsets,
                        logs);
                if (named || lag.consumes()) {
                    lags.add(lag);
                }
            }
        }
        return lags;
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

    /**
     * Warns about the partitions that cannot be read.
     *
     * @return the failure if no end offset is known and no topic was deleted, because a lag of 0 would be wrong then; else null
     */
    private @Nullable MCPToolError warnOfUnreadable(Map<TopicPartition, Bounds> logs) {
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
        return some ? null : failure;
    }
}
