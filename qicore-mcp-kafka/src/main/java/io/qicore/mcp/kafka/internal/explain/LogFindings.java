package io.qicore.mcp.kafka.internal.explain;

import io.qicore.mcp.kafka.internal.explain.LagFinding.Cause;
import io.qicore.mcp.kafka.internal.explain.TransactionEvidence.Blocking;
import io.qicore.mcp.kafka.internal.lag.GroupLag;
import io.qicore.mcp.kafka.internal.lag.LagReason;
import io.qicore.mcp.kafka.internal.lag.PartitionLag;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** What the logs and the transactions in them tell. */
final class LogFindings {

    /** The age from which find_open_transactions reports a transaction by default. */
    static final long LONG_TRANSACTION_SECONDS = 60;

    private final LagEvidence evidence;
    private final GroupLag lag;
    private final Findings findings;

    LogFindings(LagEvidence evidence, Findings findings) {
        this.evidence = evidence;
        this.lag = evidence.lag();
        this.findings = findings;
    }

    /** Adds what the logs and their transactions tell. */
    void find() {
        transactions();
        unreadable();
        log();
    }

    private void transactions() {
        for (boolean hanging : new boolean[] {true, false}) {
            List<Blocking> blocking = evidence.transactions().stream()
                    .filter(open -> open.hanging() == hanging)
                    .toList();
            long longest =
                    blocking.stream().mapToLong(Blocking::openSeconds).max().orElse(0);
            boolean caughtUpToStable = lag.lagToStable() != null && lag.lagToStable() == 0;
            if (blocking.isEmpty() || !hanging && longest < LONG_TRANSACTION_SECONDS && !caughtUpToStable) {
                // Short transactions are how exactly-once producers work.
                continue;
            }
            Map<TopicPartition, Long> hidden = new TreeMap<>(PartitionLag.ID_ORDER);
            blocking.forEach(open -> hidden.put(open.partition(), open.hidden()));
            long sum = hidden.values().stream().mapToLong(Long::longValue).sum();
            Map<String, Number> numbers = new LinkedHashMap<>();
            numbers.put("hidden", sum);
            numbers.put("openSeconds", longest);
            blocking.stream()
                    .map(Blocking::timeoutSeconds)
                    .filter(timeout -> timeout != null)
                    .max(Comparator.naturalOrder())
                    .ifPresent(timeout -> numbers.put("timeoutSeconds", timeout));
            String readers = " read_committed consumers cannot read " + sum + " of " + lag.waiting()
                    + " unread offsets on " + Findings.named(hidden.keySet()) + ".";
            boolean owned = blocking.stream().allMatch(open -> open.timeoutSeconds() != null);
            String ids = Findings.names(blocking.stream()
                    .map(Blocking::transactionalId)
                    .filter(id -> id != null)
                    .collect(Collectors.toSet()));
            findings.add(
                    hanging ? Cause.HANGING_TRANSACTION : Cause.OPEN_TRANSACTION,
                    sum,
                    hanging
                            ? "A transaction that no coordinator will end is open since its last record " + longest
                                    + " s ago;" + readers + " An administrator must abort it."
                            : "A transaction" + (ids.isEmpty() ? "" : " of " + ids) + " has been open for " + longest
                                    + " s;" + readers
                                    + (owned
                                            ? " It is not hanging: its producer or, after the timeout, its coordinator ends"
                                                    + " it."
                                            : " Whether it is hanging is not known, because its coordinator could not be"
                                                    + " asked. The time goes by the timestamps of records.")
                                    + (caughtUpToStable ? " The group has read everything before it." : ""),
                    "find_open_transactions",
                    numbers);
            findings.explained(hidden.keySet());
        }
    }

    private void unreadable() {
        List<PartitionLag> offline = findings.rows(row -> row.reason() == LagReason.LEADER_UNAVAILABLE);
        if (!offline.isEmpty()) {
            findings.add(
                    Cause.LEADER_UNAVAILABLE,
                    0,
                    "No leader answers for " + Findings.named(offline)
                            + ", so these partitions can be neither read nor written, and"
                            + " their lag is unknown and not in lag. Start the brokers that have their replicas.",
                    "get_cluster_health",
                    Map.of("partitions", offline.size()));
        }
        List<PartitionLag> unknown = findings.rows(row -> row.reason() == LagReason.NOT_AUTHORIZED
                || row.reason() == LagReason.BROKER_TOO_OLD
                || row.reason() == LagReason.COMMITTED_OFFSET_UNKNOWN);
        if (!unknown.isEmpty()) {
            findings.add(
                    Cause.LAG_UNKNOWN,
                    0,
                    "The lag on " + Findings.named(unknown) + " is unknown and not in lag: "
                            + Findings.names(unknown.stream()
                                    .map(row -> String.valueOf(row.reason()))
                                    .collect(Collectors.toSet()))
                            + ".",
                    null,
                    Map.of("partitions", unknown.size()));
        }
    }

    /** Adds what the logs tell about the offsets of the group. */
    private void log() {
        List<PartitionLag> expired = findings.rows(row -> row.lost() != null);
        if (!expired.isEmpty()) {
            findings.add(
                    Cause.OFFSET_EXPIRED,
                    lag.lost(),
                    lag.lost() + " offsets after the committed ones of " + Findings.named(expired)
                            + " have been deleted, by retention or by delete_records. They are in lag, but do not wait. The"
                            + " consumers continue where auto.offset.reset says: at the start offset or at the end.",
                    "get_consumer_lag",
                    Map.of("lost", lag.lost(), "waiting", lag.waiting(), "partitions", expired.size()));
        }
        List<PartitionLag> ahead = findings.partitions(LagReason.AHEAD_OF_END);
        if (!ahead.isEmpty()) {
            findings.add(
                    Cause.AHEAD_OF_END,
                    0,
                    "The committed offsets of " + Findings.named(ahead)
                            + " are beyond the end of the log, because the topic was"
                            + " deleted and created again, or lost records. How much is unread there is unknown. The consumers"
                            + " continue where auto.offset.reset says.",
                    "reset_consumer_offset",
                    Map.of(
                            "partitions",
                            ahead.size(),
                            "beyond",
                            Findings.sum(
                                    ahead,
                                    row -> row.committedOffset() == null || row.endOffset() == null
                                            ? 0
                                            : row.committedOffset() - row.endOffset())));
        }
        if (!evidence.nearRetention().isEmpty()) {
            long old = evidence.nearRetention().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            findings.add(
                    Cause.NEAR_RETENTION,
                    0,
                    "By their timestamps, up to " + old + " unread offsets of "
                            + Findings.named(evidence.nearRetention().keySet())
                            + " are older than 80% of their retention time. They will be deleted unread unless the group"
                            + " reads them in time or retention.ms is raised.",
                    "alter_topic_config",
                    Map.of("offsets", old));
        }
        List<PartitionLag> deleted = findings.partitions(LagReason.TOPIC_DELETED);
        if (!deleted.isEmpty()) {
            findings.add(
                    Cause.LEFT_OVER_OFFSETS,
                    0,
                    "The group still has offsets on partitions that no longer exist: " + Findings.named(deleted) + ".",
                    "list_abandoned_offsets",
                    Map.of("partitions", deleted.size()));
        }
    }
}
