package io.qicore.mcp.kafka.internal.explain;

import io.qicore.mcp.tool.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One cause of a lag, or a fact that its reader must know, and the evidence for it. */
record LagFinding(
        @Schema("What was found. COORDINATOR_UNAVAILABLE: the group's coordinator is down, so nothing else is known."
                + " NOT_READY: a streams group that waits for its topics. NO_MEMBERS: nobody has joined the group and no"
                + " offset moves. REBALANCING: partitions are being assigned. UNASSIGNED: no member reads partitions with"
                + " lag, or new partitions. HANGING_TRANSACTION: a transaction that nobody will end blocks read_committed consumers."
                + " OPEN_TRANSACTION: an open transaction blocks them, which is not known to hang. NO_COMMITS: members commit nothing"
                + " although they can read. UNCOMMITTED: members read partitions without a committed offset."
                + " LEADER_UNAVAILABLE: partitions that cannot be read, because no leader answers. LAG_UNKNOWN: partitions"
                + " whose lag could not be read for other reasons. SLOWER_THAN_PRODUCERS: consuming is slower than"
                + " producing. HOT_PARTITION: one partition of a topic gets most of its records and has most of its lag."
                + " SKEWED_LAG: one partition has most of the lag, but not most of the records. OFFSET_EXPIRED: offsets"
                + " were deleted before the group read them. AHEAD_OF_END: committed offsets beyond the end of the log."
                + " NEAR_RETENTION: unread records will be deleted soon. LEFT_OVER_OFFSETS: offsets on deleted topics."
                + " COMMITS_WITHOUT_MEMBERS: offsets move although the group has no members. CATCHING_UP: the lag shrinks."
                + " KEEPING_PACE: consuming is as fast as producing. NO_OFFSETS: nothing is committed and nothing is"
                + " assigned. NO_LAG: the group is not behind. UNEXPLAINED: no cause found")
        Cause cause,

        @Schema(
                "Number of unread offsets that it accounts for, at most; 0 if it does not cause lag. Findings are sorted by"
                        + " it")
        long explains,

        @Schema("The partitions and members concerned, what is known, what is not, and what to do")
        String detail,

        @Schema("The numbers that it rests on, by name; left out if there are none") @Nullable
        Map<String, Number> numbers,

        @Schema("Name of the tool to call next; left out if none helps") @Nullable
        String next) {

    /** What can be found. Of findings that explain the same number of offsets, the first comes first. */
    enum Cause {
        /** The coordinator of the group is down. */
        COORDINATOR_UNAVAILABLE,
        /** A streams group waits for its topics. */
        NOT_READY,
        /** Nobody has joined the group, and none of its offsets was seen to move. */
        NO_MEMBERS,
        /** Partitions are being assigned to members, which may not consume meanwhile. */
        REBALANCING,
        /** Partitions with lag, or new partitions with records, are not assigned to a member. */
        UNASSIGNED,
        /** A transaction that no coordinator will end hides records from {@code read_committed} consumers. */
        HANGING_TRANSACTION,
        /** An open transaction that is not known to hang hides records from {@code read_committed} consumers. */
        OPEN_TRANSACTION,
        /** Members commit nothing on partitions where they can read records. */
        NO_COMMITS,
        /** Members read partitions without a committed offset, so their lag is unknown. */
        UNCOMMITTED,
        /** Partitions do not have a leader, or it does not answer. */
        LEADER_UNAVAILABLE,
        /** The lag of partitions could not be read. */
        LAG_UNKNOWN,
        /** The group consumes less than producers write. */
        SLOWER_THAN_PRODUCERS,
        /** One partition of a topic gets most of its records and has most of its lag. */
        HOT_PARTITION,
        /** One partition of a topic has most of its lag, but does not get most of its records. */
        SKEWED_LAG,
        /** Offsets were deleted before the group read them. */
        OFFSET_EXPIRED,
        /** Committed offsets are beyond the end of the log. */
        AHEAD_OF_END,
        /** Unread records will be deleted soon. */
        NEAR_RETENTION,
        /** The group has offsets on topics that no longer exist. */
        LEFT_OVER_OFFSETS,
        /** Offsets move although the group has no members. */
        COMMITS_WITHOUT_MEMBERS,
        /** The group consumes more than producers write, and the lag shrinks. */
        CATCHING_UP,
        /** The group consumes as fast as producers write. */
        KEEPING_PACE,
        /** Nothing is committed and nothing is assigned. */
        NO_OFFSETS,
        /** The group is not behind. */
        NO_LAG,
        /** No cause was found. */
        UNEXPLAINED
    }
}
