package io.qicore.mcp.kafka.lag;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A group in a certain state.
 *
 * @param group the id of the group, which is the name of the scenario
 * @param causes what {@code explain_lag} must find, all of it
 * @param near the causes that this group could be mistaken for
 * @param sampled whether the group is explained by two calls, more than 10 s apart
 * @param judge with what the lag is compared
 */
record LagScenario(String group, Set<String> causes, Set<String> near, boolean sampled, Judge judge) {

    /** What tells the truth about the lag of a group. */
    enum Judge {
        CONSUMER_GROUPS,
        SHARE_GROUPS,
        STREAMS_GROUPS,
        /** The command prints nothing, because it looks for the partitions of the members. */
        COMMAND_IS_SILENT,
        /** The numbers change between two commands. */
        MOVES,
        /** The command says a negative lag, but nobody knows how much is unread. */
        NEGATIVE,
        /** The command fails, because it cannot read one of the partitions. */
        COMMAND_FAILS
    }

    /** Returns all scenarios by group. */
    static Map<String, LagScenario> all() {
        Map<String, LagScenario> all = new LinkedHashMap<>();
        for (LagScenario scenario : List.of(
                of("classic-current").finds("NO_LAG").not("UNEXPLAINED", "NO_OFFSETS"),
                of("classic-behind").finds("UNEXPLAINED").not("REBALANCING", "UNASSIGNED", "NO_COMMITS", "NO_MEMBERS"),
                of("classic-stopped").finds("NO_MEMBERS").not("UNEXPLAINED", "SKEWED_LAG"),
                of("classic-stopped-current").finds("NO_LAG").not("NO_MEMBERS", "AHEAD_OF_END"),
                of("consumer-current").finds("NO_LAG").not("NO_OFFSETS"),
                of("consumer-behind").finds("UNEXPLAINED").not("REBALANCING", "UNASSIGNED"),
                of("consumer-stopped").finds("NO_MEMBERS").not("REBALANCING"),
                of("tool-only").finds("NO_MEMBERS").not("COMMITS_WITHOUT_MEMBERS"),
                of("assign-running")
                        .finds("COMMITS_WITHOUT_MEMBERS", "UNEXPLAINED")
                        .not("NO_MEMBERS")
                        .judge(Judge.MOVES),
                of("assign-later")
                        .finds("COMMITS_WITHOUT_MEMBERS", "UNEXPLAINED")
                        .not("NO_MEMBERS")
                        .judge(Judge.MOVES),
                of("assign-silent").finds("NO_MEMBERS").not("COMMITS_WITHOUT_MEMBERS"),
                of("never-classic").finds("UNCOMMITTED").not("NO_LAG", "NO_OFFSETS"),
                of("never-consumer").finds("UNCOMMITTED").not("NO_LAG"),
                of("partly-live").finds("UNCOMMITTED").not("NO_LAG", "UNASSIGNED"),
                of("never-on-empty-log").finds("NO_LAG").not("UNCOMMITTED", "NO_OFFSETS"),
                of("partly-stopped").finds("NO_MEMBERS").not("UNCOMMITTED"),
                of("beyond-end")
                        .finds("AHEAD_OF_END")
                        .not("NO_LAG", "OFFSET_EXPIRED")
                        .judge(Judge.NEGATIVE),
                of("recreated").finds("AHEAD_OF_END").not("LEFT_OVER_OFFSETS").judge(Judge.NEGATIVE),
                of("below-start").finds("OFFSET_EXPIRED", "NO_MEMBERS").not("AHEAD_OF_END", "NEAR_RETENTION"),
                of("emptied").finds("OFFSET_EXPIRED").not("NO_MEMBERS", "NO_LAG", "NEAR_RETENTION"),
                of("compacted").finds("NO_MEMBERS").not("OFFSET_EXPIRED", "NEAR_RETENTION"),
                of("open-caught-up")
                        .finds("OPEN_TRANSACTION")
                        .not("HANGING_TRANSACTION", "NO_COMMITS")
                        .twice(),
                of("open-behind").finds("UNEXPLAINED").not("OPEN_TRANSACTION", "HANGING_TRANSACTION"),
                of("aborted").finds("NO_MEMBERS").not("OPEN_TRANSACTION", "HANGING_TRANSACTION"),
                of("exactly-once")
                        .finds("UNEXPLAINED")
                        .not("OPEN_TRANSACTION", "HANGING_TRANSACTION")
                        .judge(Judge.MOVES),
                of("marker-left")
                        .finds("UNEXPLAINED")
                        .not("NO_COMMITS", "NEAR_RETENTION")
                        .twice(),
                of("rebalancing-classic").finds("REBALANCING").not("UNEXPLAINED", "UNASSIGNED"),
                of("rebalancing-consumer").finds("REBALANCING").not("UNASSIGNED"),
                of("deleted-topic")
                        .finds("LEFT_OVER_OFFSETS", "NO_MEMBERS")
                        .not("LEADER_UNAVAILABLE", "LAG_UNKNOWN")
                        .judge(Judge.COMMAND_FAILS),
                of("unsubscribed").finds("UNASSIGNED").not("NO_MEMBERS"),
                of("grown").finds("UNASSIGNED").not("NO_LAG", "UNCOMMITTED"),
                of("static-gone")
                        .finds("NO_COMMITS")
                        .not("NO_MEMBERS", "UNASSIGNED")
                        .twice(),
                of("stuck").finds("NO_COMMITS").not("SLOWER_THAN_PRODUCERS").twice(),
                of("stuck-on-many")
                        .finds("NO_COMMITS")
                        .not("HOT_PARTITION", "UNEXPLAINED")
                        .twice(),
                of("slower")
                        .finds("SLOWER_THAN_PRODUCERS")
                        .not("NO_COMMITS", "CATCHING_UP", "KEEPING_PACE")
                        .twice()
                        .judge(Judge.MOVES),
                of("catching-up")
                        .finds("CATCHING_UP")
                        .not("SLOWER_THAN_PRODUCERS", "NO_COMMITS", "KEEPING_PACE")
                        .twice()
                        .judge(Judge.MOVES),
                of("in-step")
                        .finds("KEEPING_PACE")
                        .not("SLOWER_THAN_PRODUCERS", "CATCHING_UP")
                        .twice()
                        .judge(Judge.MOVES),
                of("hot").finds("HOT_PARTITION").not("SKEWED_LAG"),
                of("skewed").finds("SKEWED_LAG").not("HOT_PARTITION"),
                of("six-of-eight").finds("UNEXPLAINED").not("HOT_PARTITION", "SKEWED_LAG"),
                of("near-retention").finds("NEAR_RETENTION", "NO_MEMBERS").not("OFFSET_EXPIRED"),
                of("share-current").finds("NO_LAG").not("UNCOMMITTED").judge(Judge.SHARE_GROUPS),
                of("share-behind")
                        .finds("UNEXPLAINED")
                        .not("NO_MEMBERS", "UNASSIGNED")
                        .judge(Judge.SHARE_GROUPS),
                of("share-never")
                        .finds("NO_OFFSETS")
                        .not("NO_LAG", "UNCOMMITTED")
                        .judge(Judge.SHARE_GROUPS),
                of("share-stopped").finds("NO_MEMBERS").not("NO_COMMITS").judge(Judge.SHARE_GROUPS),
                of("streams-current")
                        .finds("NO_LAG")
                        .not("NOT_READY", "UNASSIGNED")
                        .judge(Judge.STREAMS_GROUPS),
                of("streams-stopped").finds("NO_MEMBERS").not("NOT_READY").judge(Judge.COMMAND_IS_SILENT),
                of("streams-not-ready")
                        .finds("NOT_READY")
                        .not("NO_LAG", "NO_OFFSETS")
                        .judge(Judge.STREAMS_GROUPS),
                of("thousand-partitions").finds("NO_MEMBERS").not("HOT_PARTITION", "SKEWED_LAG"),
                of("missing-topic").finds("NO_OFFSETS").not("NO_LAG", "NOT_READY"),
                // On clusters of their own:
                of("hanging").finds("HANGING_TRANSACTION").not("OPEN_TRANSACTION"),
                of("leaderless")
                        .finds("LEADER_UNAVAILABLE", "NO_MEMBERS")
                        .not("COORDINATOR_UNAVAILABLE", "LAG_UNKNOWN", "LEFT_OVER_OFFSETS")
                        .judge(Judge.COMMAND_FAILS),
                of("offline")
                        .finds("LEADER_UNAVAILABLE")
                        .not("NO_LAG", "LAG_UNKNOWN", "NO_OFFSETS")
                        .judge(Judge.COMMAND_FAILS),
                of("unowned-transaction")
                        .finds("OPEN_TRANSACTION", "NO_MEMBERS")
                        .not("HANGING_TRANSACTION"),
                of("hidden-transaction").finds("OPEN_TRANSACTION", "NO_MEMBERS").not("HANGING_TRANSACTION"),
                of("coordinator-down")
                        .finds("COORDINATOR_UNAVAILABLE")
                        .not("LEADER_UNAVAILABLE", "NO_OFFSETS")
                        .judge(Judge.COMMAND_FAILS),
                of("quorum-lost").finds("NO_MEMBERS").not("COORDINATOR_UNAVAILABLE", "LEADER_UNAVAILABLE"),
                of("forbidden-topic")
                        .finds("LAG_UNKNOWN", "UNEXPLAINED")
                        .not("LEADER_UNAVAILABLE", "NO_LAG")
                        .judge(Judge.COMMAND_FAILS))) {
            all.put(scenario.group(), scenario);
        }
        return all;
    }

    private static LagScenario of(String group) {
        return new LagScenario(group, Set.of(), Set.of(), false, Judge.CONSUMER_GROUPS);
    }

    private LagScenario finds(String... found) {
        return new LagScenario(group, Set.of(found), near, sampled, judge);
    }

    private LagScenario not(String... mistaken) {
        return new LagScenario(group, causes, Set.of(mistaken), sampled, judge);
    }

    private LagScenario twice() {
        return new LagScenario(group, causes, near, true, judge);
    }

    private LagScenario judge(Judge by) {
        return new LagScenario(group, causes, near, sampled, by);
    }
}
