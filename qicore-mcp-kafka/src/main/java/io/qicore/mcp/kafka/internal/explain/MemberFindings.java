package io.qicore.mcp.kafka.internal.explain;

import io.qicore.mcp.kafka.internal.explain.LagEvidence.Change;
import io.qicore.mcp.kafka.internal.explain.LagFinding.Cause;
import io.qicore.mcp.kafka.internal.lag.GroupLag;
import io.qicore.mcp.kafka.internal.lag.PartitionLag;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import io.qicore.mcp.kafka.internal.read.GroupDetails.Member;
import io.qicore.mcp.kafka.internal.read.GroupKind;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** What the members of a group and their commits tell. */
final class MemberFindings {

    /** Consumers commit every 5 s by default. Within this time a healthy one has committed, and rates mean something. */
    static final double SILENCE_SECONDS = 10;

    /** Kafka Streams commits every 30 s by default. */
    static final double STREAMS_SILENCE_SECONDS = 60;

    /** By default a transaction is aborted after 60 s. Until then its records could not be read. */
    static final double TRANSACTIONS_SILENCE_SECONDS = 70;

    static final String DESCRIBE = "describe_consumer_group";

    private static final int MAX_NAMED = 5;

    private final LagEvidence evidence;
    private final GroupDetails group;
    private final GroupLag lag;
    private final Findings findings;

    MemberFindings(LagEvidence evidence, Findings findings) {
        this.evidence = evidence;
        this.group = evidence.group();
        this.lag = evidence.lag();
        this.findings = findings;
    }

    /** Adds what the members and their commits tell. */
    void find() {
        members();
        commits();
    }

    /** Returns the partitions on which members could read something and committed nothing for a while. */
    static List<TopicPartition> withoutCommits(GroupLag lag, LagEvidence.Progress progress) {
        return lag.partitions().stream()
                .filter(row -> row.assigned() && row.readable() > 0 && lag.kind() != GroupKind.SHARE)
                .map(PartitionLag::id)
                .filter(id -> silentSeconds(progress, id)
                        >= (lag.kind() == GroupKind.STREAMS ? STREAMS_SILENCE_SECONDS : SILENCE_SECONDS))
                .toList();
    }

    private void members() {
        if (!group.active()) {
            memberless();
            return;
        }
        if (group.state().equals("NotReady")) {
            findings.add(
                    Cause.NOT_READY,
                    lag.waiting(),
                    "The streams group is in state NotReady, so none of its "
                            + group.members().size()
                            + " members gets tasks."
                            + (evidence.missingTopics().isEmpty()
                                    ? " Its source topics exist; internal topics may be missing, or topics that it joins may"
                                            + " differ in their number of partitions."
                                    : " Topics that it reads do not exist: " + Findings.names(evidence.missingTopics())
                                            + ". Create them."),
                    evidence.missingTopics().isEmpty() ? DESCRIBE : "create_topic",
                    Map.of("members", group.members().size()));
            return;
        }
        if (!LagCauses.SETTLED.contains(group.state())) {
            findings.add(
                    Cause.REBALANCING,
                    lag.waiting(),
                    "The group is in state " + group.state() + ": its partitions are being assigned to "
                            + group.members().size()
                            + " members, which may not consume meanwhile. If this lasts, a member"
                            + " does not answer in time or keeps leaving.",
                    DESCRIBE,
                    Map.of("members", group.members().size()));
            return;
        }
        Set<TopicPartition> owned = group.inputs();
        List<PartitionLag> unassigned = findings.rows(row -> row.behind() && !owned.contains(row.id()));
        if (!unassigned.isEmpty()) {
            findings.add(
                    Cause.UNASSIGNED,
                    Findings.sum(unassigned, PartitionLag::waiting),
                    "These partitions have lag, but no member reads them: " + Findings.named(unassigned)
                            + ". The consumers no longer subscribe to the topic, or one has just left.",
                    DESCRIBE,
                    Map.of(
                            "partitions",
                            unassigned.size(),
                            "members",
                            group.members().size()));
        }
        if (!evidence.unread().isEmpty()) {
            long possible = evidence.unread().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            findings.add(
                    Cause.UNASSIGNED,
                    possible,
                    "The group reads other partitions of these topics, but no member reads these, and nothing is committed on"
                            + " them: " + Findings.named(evidence.unread().keySet()) + ". They have " + possible
                            + " offsets, which are not in lag. New partitions are noticed within metadata.max.age.ms of the"
                            + " consumers, 5 minutes by default; if this lasts, look at how they assign partitions.",
                    DESCRIBE,
                    Map.of(
                            "partitions",
                            evidence.unread().size(),
                            "possible",
                            possible,
                            "members",
                            group.members().size()));
        }
    }

    private void memberless() {
        double seconds = evidence.progress().seconds();
        if (evidence.progress().moved()) {
            findings.add(
                    Cause.COMMITS_WITHOUT_MEMBERS,
                    0,
                    "The group has no members, but its committed offsets moved within " + Findings.seconds(seconds)
                            + ". Either a consumer that assigns partitions itself runs, such as a Flink or Spark job, or a"
                            + " consumer has just left, or somebody has reset the offsets.",
                    "explain_lag",
                    Map.of("members", 0, "watchedSeconds", Findings.rounded(seconds)));
            return;
        }
        if (lag.waiting() == 0) {
            return;
        }
        Map<String, Number> numbers = new LinkedHashMap<>();
        numbers.put("members", 0);
        numbers.put("waiting", lag.waiting());
        numbers.put("watchedSeconds", Findings.rounded(seconds));
        findings.add(
                Cause.NO_MEMBERS,
                lag.waiting(),
                "No consumer has joined the group, and none of its committed offsets moved within "
                        + Findings.seconds(seconds)
                        + ". "
                        + (group.neverHadMembers()
                                ? "It never had members, so its offsets come from a tool or from a consumer that assigns"
                                        + " partitions itself, such as a Flink or Spark job. Kafka does not show whether such a"
                                        + " consumer runs: call again with sample after its commit interval, then look at the"
                                        + " job."
                                : "Its consumers have left or timed out: start them. A consumer that assigns partitions"
                                        + " itself would not be seen here before its next commit."),
                group.neverHadMembers() ? "explain_lag" : null,
                numbers);
        findings.explained(findings.rows(PartitionLag::behind).stream()
                .map(PartitionLag::id)
                .toList());
    }

    private void commits() {
        List<PartitionLag> never = findings.rows(row -> row.neverCommitted() && row.possible() > 0);
        if (!never.isEmpty()) {
            findings.add(
                    Cause.UNCOMMITTED,
                    Findings.sum(never, PartitionLag::possible),
                    "Members read partitions without a committed offset: " + Findings.named(never)
                            + ". Between none and "
                            + Findings.sum(never, PartitionLag::possible)
                            + " offsets are unread there, which are not in lag. The"
                            + " consumers have just started, cannot process their first record, start at the end by"
                            + " auto.offset.reset, or do not commit. Look at their logs, and call again later.",
                    DESCRIBE,
                    Map.of("partitions", never.size(), "possible", Findings.sum(never, PartitionLag::possible)));
        }
        Set<TopicPartition> candidates = new HashSet<>(withoutCommits(lag, evidence.progress()));
        List<PartitionLag> silent = findings.rows(row -> candidates.contains(row.id()) && !transactionsExplain(row));
        if (silent.isEmpty() || !LagCauses.SETTLED.contains(group.state())) {
            return;
        }
        Set<TopicPartition> ids = silent.stream().map(PartitionLag::id).collect(Collectors.toSet());
        List<Member> members = group.members().stream()
                .filter(member -> member.inputs().stream().anyMatch(ids::contains))
                .toList();
        boolean committing = members.stream()
                .flatMap(member -> member.inputs().stream())
                .anyMatch(id -> evidence.progress().partitions().containsKey(id)
                        && silentSeconds(evidence.progress(), id) == 0
                        && !ids.contains(id));
        double seconds = silent.stream()
                .mapToDouble(row -> silentSeconds(evidence.progress(), row.id()))
                .min()
                .orElse(0);
        findings.add(
                Cause.NO_COMMITS,
                Findings.sum(silent, PartitionLag::readable),
                "For " + Findings.seconds(seconds) + " nothing was committed on " + Findings.named(silent)
                        + ", although there are offsets to read. Members: "
                        + members.stream()
                                .limit(MAX_NAMED)
                                .map(member -> member.clientId() + " at " + member.host())
                                .collect(Collectors.joining(", "))
                        + ". "
                        + (committing
                                ? "On other partitions they commit, so look for a record that they cannot process."
                                : "They hang, are dead and not yet timed out, cannot process a record, or commit less often"
                                        + " than that."),
                DESCRIBE,
                Map.of(
                        "partitions",
                        silent.size(),
                        "members",
                        members.size(),
                        "silentSeconds",
                        Findings.rounded(seconds)));
        findings.explained(ids);
    }

    /** Returns whether a partition may have had nothing to read, because of transactions and the offsets that end them. */
    private boolean transactionsExplain(PartitionLag row) {
        Integer ended = evidence.ended().get(row.id());
        // If the producers could not be read, there may be transactions.
        return ended == null
                ? silentSeconds(evidence.progress(), row.id()) < TRANSACTIONS_SILENCE_SECONDS
                : ended > 0
                        && (row.readable() <= ended
                                || silentSeconds(evidence.progress(), row.id()) < TRANSACTIONS_SILENCE_SECONDS);
    }

    private static double silentSeconds(LagEvidence.Progress progress, TopicPartition id) {
        Change change = progress.partitions().get(id);
        return change == null ? 0 : change.silentSeconds();
    }
}
