package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.internal.LogBounds.Bounds;
import io.qicore.mcp.tool.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How far one group is behind. */
record GroupLag(
        String groupId,

        long lag,

        @Nullable String state,

        @Schema("share or streams") @Nullable String type,

        @Schema("Lag of read_committed consumers during a transaction") @Nullable
        Long lagToStable,

        @Schema("Records deleted before the group read them") @Nullable
        Long lost,

        @Nullable Long oldestUnreadSeconds,

        @Schema("Not in the lag") @Nullable Integer unknownPartitions,

        @Schema("When not all are listed") @Nullable Integer partitionCount,

        @Nullable Trend trend,

        @Nullable List<PartitionLag> partitions) {

    /** Most lag first, then by name. */
    static final Comparator<GroupLag> WORST_FIRST =
            Comparator.comparingLong(GroupLag::lag).reversed().thenComparing(GroupLag::groupId);

    /**
     * The lag from what the group has committed and where the logs are.
     *
     * @param asked the partitions to tell about
     * @param committed null stands for no commit, a missing partition for one that could not be read
     */
    static GroupLag of(
            String groupId,
            @Nullable String state,
            @Nullable String type,
            Collection<TopicPartition> asked,
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed,
            Map<TopicPartition, Bounds> logs) {
        List<PartitionLag> rows = new ArrayList<>(asked.size());
        for (TopicPartition id : asked) {
            var log = Objects.requireNonNull(logs.get(id));
            OffsetAndMetadata commit = committed.get(id);
            rows.add(PartitionLag.of(
                    id, commit != null || committed.containsKey(id), commit == null ? null : commit.offset(), log));
        }
        return of(groupId, state, type, rows);
    }

    /** The lag on every partition on which a group has committed. */
    static GroupLag of(
            String groupId,
            @Nullable String state,
            @Nullable String type,
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed,
            Map<TopicPartition, Bounds> logs) {
        List<PartitionLag> rows = new ArrayList<>(committed.size());
        for (var entry : committed.entrySet()) {
            OffsetAndMetadata commit = entry.getValue();
            rows.add(PartitionLag.of(
                    entry.getKey(),
                    true,
                    commit == null ? null : commit.offset(),
                    Objects.requireNonNull(logs.get(entry.getKey()))));
        }
        return of(groupId, state, type, rows);
    }

    /** The sum over partitions. */
    static GroupLag of(String groupId, @Nullable String state, @Nullable String type, List<PartitionLag> rows) {
        long lag = 0;
        long stable = 0;
        long lost = 0;
        boolean hanging = false;
        int unknown = 0;
        for (PartitionLag row : rows) {
            if (row.lag() == null) {
                unknown++;
            } else {
                lag += row.lag();
                stable += row.lagToStable() == null ? row.lag() : row.lagToStable();
                hanging |= row.lagToStable() != null;
                lost += row.lost() == null ? 0 : row.lost();
            }
        }
        return new GroupLag(
                groupId,
                lag,
                state,
                type,
                hanging ? stable : null,
                lost == 0 ? null : lost,
                null,
                unknown == 0 ? null : unknown,
                null,
                null,
                rows);
    }

    /** The partitions; none when only the summary is left. */
    List<PartitionLag> rows() {
        return partitions == null ? List.of() : partitions;
    }

    /** Whether the group has, or may have, committed an offset. */
    boolean consumes() {
        return rows().stream().anyMatch(row -> row.reason() != LagReason.UNCOMMITTED);
    }

    /** Whether the lag misses no partition; those that are gone have none. */
    boolean whole() {
        return rows().stream()
                .allMatch(row -> row.lag() != null
                        || row.reason() == LagReason.UNCOMMITTED
                        || row.reason() == LagReason.TOPIC_DELETED);
    }

    /** The same with other rows. */
    GroupLag with(@Nullable List<PartitionLag> rows, @Nullable Integer count) {
        return new GroupLag(
                groupId,
                lag,
                state,
                type,
                lagToStable,
                lost,
                oldestUnreadSeconds,
                unknownPartitions,
                count,
                trend,
                rows);
    }

    /** The same without its partitions. */
    GroupLag summary() {
        return with(null, null);
    }

    /** The same with those partitions that are worst, and their topics left out if the caller knows them. */
    GroupLag worst(int limit, boolean topicKnown) {
        List<PartitionLag> rows = rows();
        boolean all = rows.size() <= limit;
        var shown = (all ? rows.stream().sorted(PartitionLag.ORDER) : worst(rows, limit).stream())
                .map(row -> topicKnown ? row.withoutTopic() : row)
                .toList();
        return with(shown, all ? null : rows.size());
    }

    /** Those with most lag; not a sort of all, because most calls ask for a few of many. */
    private static List<PartitionLag> worst(List<PartitionLag> rows, int limit) {
        PriorityQueue<PartitionLag> worst = new PriorityQueue<>(limit + 1, PartitionLag.WORST_FIRST.reversed());
        for (PartitionLag row : rows) {
            worst.add(row);
            if (worst.size() > limit) {
                worst.poll();
            }
        }
        return worst.stream().sorted(PartitionLag.WORST_FIRST).toList();
    }

    /** The same with its trend. */
    GroupLag with(@Nullable Trend newTrend) {
        return new GroupLag(
                groupId,
                lag,
                state,
                type,
                lagToStable,
                lost,
                oldestUnreadSeconds,
                unknownPartitions,
                partitionCount,
                newTrend,
                partitions);
    }

    /** The same with the ages of the rows, of which the highest is the group's. */
    GroupLag withAges(List<PartitionLag> rows) {
        Long oldest = rows.stream()
                .map(PartitionLag::oldestUnreadSeconds)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new GroupLag(
                groupId, lag, state, type, lagToStable, lost, oldest, unknownPartitions, partitionCount, trend, rows);
    }
}
