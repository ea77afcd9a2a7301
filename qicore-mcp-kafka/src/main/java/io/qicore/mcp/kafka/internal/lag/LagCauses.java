package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.kafka.internal.lag.LagFinding.Cause;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import io.qicore.mcp.kafka.internal.read.PartitionList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Finds the causes of a lag from its numbers, the most significant first. For use by one call. */
final class LagCauses {

    private static final Set<String> SETTLED = Set.of("Stable", "Empty", "Dead");
    private static final double HOT_SHARE = 0.5;
    private static final int HOT_MULTIPLE_OF_MEAN = 3;
    private static final int MAX_NAMED = 5;
    private static final String DESCRIBE = "describe_consumer_group";

    private final GroupDetails group;
    private final GroupLag lag;
    private final List<LagFinding> findings = new ArrayList<>();

    /** @param lag the lag of the group, with its trend if known */
    LagCauses(GroupDetails group, GroupLag lag) {
        this.group = group;
        this.lag = lag;
    }

    /**
     * Returns the causes, at least one.
     *
     * @param stuck partitions with lag on which nothing was consumed since the sample
     * @param nearRetention partitions whose oldest unread record is close to the end of its retention time
     * @param minuteRate records per second that producers wrote in the last minute; null if unknown
     */
    List<LagFinding> find(Set<TopicPartition> stuck, Set<TopicPartition> nearRetention, @Nullable Double minuteRate) {
        if (lag.lag() > 0) {
            members(stuck);
            hotPartition();
            transaction();
            pace(minuteRate);
            if (!nearRetention.isEmpty()) {
                add(
                        Cause.NEAR_RETENTION,
                        "The oldest unread records of " + named(nearRetention)
                                + " are older than 80% of their retention time. They will be deleted unread unless the"
                                + " group reads them in time or retention.ms is raised.",
                        "alter_topic_config");
            }
        }
        leftovers();
        if (findings.isEmpty()) {
            add(
                    lag.lag() == 0 ? Cause.NO_LAG : Cause.UNEXPLAINED,
                    lag.lag() == 0
                            ? "The group has read all records."
                            : "No cause stands out in one measurement. Call explain_lag again after some seconds,"
                                    + " with sample, to get the rates.",
                    lag.lag() == 0 ? null : "explain_lag");
        }
        return findings;
    }

    private void members(Set<TopicPartition> stuck) {
        if (!group.active()) {
            add(Cause.STOPPED, "The group has no running consumers. " + lag.lag() + " records are unread.", null);
            return;
        }
        if (!SETTLED.contains(group.state())) {
            add(
                    Cause.REBALANCING,
                    "The group is in state " + group.state() + " with "
                            + group.members().size() + " members.",
                    DESCRIBE);
        }
        if (group.kind() == GroupKind.STREAMS || group.kind() == GroupKind.SHARE) {
            return;
        }
        Set<TopicPartition> owned = new HashSet<>();
        group.members().forEach(member -> owned.addAll(member.partitions()));
        Set<TopicPartition> unassigned = lagging().stream()
                .filter(partition -> !owned.contains(partition))
                .collect(Collectors.toSet());
        if (!unassigned.isEmpty()) {
            add(
                    Cause.UNASSIGNED,
                    "These partitions have lag, but are not assigned to a member: " + named(unassigned) + ".",
                    DESCRIBE);
        }
        Set<TopicPartition> behind = new HashSet<>(lagging());
        String dead = group.members().stream()
                .filter(member -> {
                    List<TopicPartition> due = member.partitions().stream()
                            .filter(behind::contains)
                            .toList();
                    return !due.isEmpty() && stuck.containsAll(due);
                })
                .map(member -> member.clientId() + " at " + member.host())
                .limit(MAX_NAMED)
                .collect(Collectors.joining(", "));
        if (!dead.isEmpty()) {
            add(
                    Cause.DEAD_MEMBERS,
                    "These members have committed nothing since the sample, although their partitions have lag: " + dead
                            + ".",
                    DESCRIBE);
        }
    }

    private void hotPartition() {
        List<PartitionLag> known =
                lag.partitions().stream().filter(row -> row.lag() != null).toList();
        if (known.size() < 2) {
            return;
        }
        PartitionLag worst =
                known.stream().sorted(PartitionLag.WORST_FIRST).toList().get(0);
        long most = worst.lag() == null ? 0 : worst.lag();
        double mean = (double) lag.lag() / known.size();
        if (most > HOT_SHARE * lag.lag()
                && (known.size() < HOT_MULTIPLE_OF_MEAN || most >= HOT_MULTIPLE_OF_MEAN * mean)) {
            add(
                    Cause.HOT_PARTITION,
                    worst.id().topic() + ":" + worst.id().partition() + " has " + most + " of " + lag.lag()
                            + " unread records. Possible reasons are a very frequent key, or a record that the consumer"
                            + " cannot process.",
                    "get_topic_metadata");
        }
    }

    private void transaction() {
        Long stable = lag.lagToStable();
        if (stable != null) {
            add(
                    Cause.HANGING_TRANSACTION,
                    "An open transaction hides " + (lag.lag() - stable) + " of " + lag.lag()
                            + " records from read_committed consumers.",
                    "find_open_transactions");
        }
    }

    private void pace(@Nullable Double minuteRate) {
        Trend trend = lag.trend();
        if (trend == null || !group.active()) {
            return;
        }
        String rates = String.format(
                Locale.ROOT,
                "The group consumed %.1f records per second and producers wrote %.1f, over %.0f s%s.",
                trend.consumeRate(),
                trend.produceRate(),
                trend.seconds(),
                minuteRate == null
                        ? ""
                        : String.format(Locale.ROOT, " (producers wrote %.1f over the last minute)", minuteRate));
        if (trend.consumeRate() > trend.produceRate()) {
            add(Cause.CATCHING_UP, rates + " At this rate the lag is gone in " + trend.drainSeconds() + " s.", null);
        } else if (trend.consumeRate() < trend.produceRate()) {
            add(Cause.SLOWER_THAN_PRODUCERS, rates, DESCRIBE);
        }
    }

    private void leftovers() {
        if (lag.lost() > 0) {
            add(
                    Cause.RECORDS_LOST,
                    lag.lost() + " records were deleted before the group read them.",
                    "get_consumer_lag");
        }
        Set<TopicPartition> deleted = partitionsWith(LagReason.TOPIC_DELETED);
        if (!deleted.isEmpty()) {
            add(
                    Cause.LEFT_OVER_OFFSETS,
                    "The group still has offsets on partitions that no longer exist: " + named(deleted) + ".",
                    "delete_consumer_offsets");
        }
        Set<TopicPartition> uncommitted = partitionsWith(LagReason.UNCOMMITTED);
        if (!uncommitted.isEmpty()) {
            add(
                    Cause.UNCOMMITTED,
                    "The group has not committed an offset yet on " + named(uncommitted)
                            + ", so the lag there is unknown.",
                    DESCRIBE);
        }
    }

    private Set<TopicPartition> partitionsWith(LagReason reason) {
        return lag.partitions().stream()
                .filter(row -> row.reason() == reason)
                .map(PartitionLag::id)
                .collect(Collectors.toSet());
    }

    private List<TopicPartition> lagging() {
        return lag.partitions().stream()
                .filter(PartitionLag::behind)
                .map(PartitionLag::id)
                .toList();
    }

    private static String named(Collection<TopicPartition> partitions) {
        return PartitionList.byTopic(partitions).entrySet().stream()
                .limit(MAX_NAMED)
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private void add(Cause cause, String detail, @Nullable String next) {
        findings.add(new LagFinding(cause, detail, next));
    }
}
