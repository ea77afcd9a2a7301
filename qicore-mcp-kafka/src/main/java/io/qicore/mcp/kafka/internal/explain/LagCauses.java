package io.qicore.mcp.kafka.internal.explain;

import io.qicore.mcp.kafka.internal.explain.LagFinding.Cause;
import io.qicore.mcp.kafka.internal.lag.GroupLag;
import io.qicore.mcp.kafka.internal.lag.LagReason;
import io.qicore.mcp.kafka.internal.read.GroupDetails;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the causes of a lag, those that explain the most first. A cause is named only if the evidence cannot come from a
 * healthy group; otherwise the lag stays unexplained. For use by one call.
 */
final class LagCauses {

    /** The states in which every partition that is to be read has its member. */
    static final Set<String> SETTLED = Set.of("Stable", "Empty", "Dead");

    private final LagEvidence evidence;
    private final GroupDetails group;
    private final GroupLag lag;
    private final Findings findings;

    LagCauses(LagEvidence evidence) {
        this.evidence = evidence;
        this.group = evidence.group();
        this.lag = evidence.lag();
        this.findings = new Findings(lag);
    }

    /** Returns the finding for a group whose coordinator is down. */
    static LagFinding coordinatorUnavailable(String message) {
        return new LagFinding(Cause.COORDINATOR_UNAVAILABLE, 0, message, null, "get_cluster_health");
    }

    /** Returns the findings, at least one. */
    List<LagFinding> find() {
        new MemberFindings(evidence, findings).find();
        new LogFindings(evidence, findings).find();
        new PaceFindings(evidence, findings).find();
        if (findings.isEmpty() && withoutOffsets()) {
            findings.add(
                    Cause.NO_OFFSETS,
                    0,
                    "The group has no committed offsets, and no partition is assigned to a member of it, so there is no lag"
                            + " to measure."
                            + (group.active() ? " Check that the topics that its consumers subscribe to exist." : ""),
                    group.active() ? MemberFindings.DESCRIBE : null,
                    Map.of("members", group.members().size()));
        } else if (lag.waiting() > 0 && !findings.explainWaiting()) {
            unexplained();
        } else if (caughtUp()) {
            findings.add(
                    Cause.NO_LAG,
                    0,
                    "The group has read everything on the partitions where it has committed offsets.",
                    null,
                    Map.of("partitions", lag.partitions().size()));
        } else if (findings.isEmpty()) {
            unexplained();
        }
        return findings.sorted();
    }

    /** Returns whether nothing is committed and no member reads a partition. Brokers list such partitions of share groups. */
    private boolean withoutOffsets() {
        return lag.partitions().stream().allMatch(row -> row.reason() == LagReason.UNCOMMITTED && !row.assigned());
    }

    private boolean caughtUp() {
        return lag.lag() == 0
                && lag.complete()
                && !lag.partitions().isEmpty()
                && SETTLED.contains(group.state())
                && evidence.unread().isEmpty()
                && findings.partitions(LagReason.AHEAD_OF_END).isEmpty();
    }

    private void unexplained() {
        double seconds = evidence.progress().seconds();
        String watched = "No cause is certain. The group was watched for " + Findings.seconds(seconds);
        findings.add(
                Cause.UNEXPLAINED,
                0,
                seconds < MemberFindings.SILENCE_SECONDS
                        ? watched + " only: call again with sample after at least 10 s, to compare rates and commits."
                        : watched
                                + ". A few offsets at the end can be the ends of transactions, which are not records.",
                "explain_lag",
                Map.of("waiting", lag.waiting(), "watchedSeconds", Findings.rounded(seconds)));
    }
}
