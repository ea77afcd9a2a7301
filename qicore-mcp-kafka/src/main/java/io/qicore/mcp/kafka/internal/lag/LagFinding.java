package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.tool.Schema;
import org.jspecify.annotations.Nullable;

/** One cause of a lag and the evidence for it. */
record LagFinding(
        @Schema("Cause of the lag. NO_LAG: the group is not behind. STOPPED: no consumer runs. REBALANCING: partitions"
                + " are being assigned. UNASSIGNED: no member consumes partitions with lag. DEAD_MEMBERS:"
                + " members commit nothing. HOT_PARTITION: one partition has most of the lag."
                + " HANGING_TRANSACTION: an open transaction hides records. SLOWER_THAN_PRODUCERS: consuming"
                + " is slower than producing. NEAR_RETENTION: unread records will be deleted soon."
                + " RECORDS_LOST: unread records were deleted. LEFT_OVER_OFFSETS: offsets on deleted topics."
                + " UNCOMMITTED: partitions without an offset. CATCHING_UP: the lag shrinks. UNEXPLAINED: no"
                + " cause found")
        Cause cause,

        @Schema("Evidence: the partitions, members or numbers behind the cause")
        String detail,

        @Schema("Name of the tool to call next; left out if none helps") @Nullable
        String next) {

    /** The causes of a lag. */
    enum Cause {
        /** The group is not behind. */
        NO_LAG,
        /** No consumer of the group runs. */
        STOPPED,
        /** Partitions are being assigned to members, which may not consume meanwhile. */
        REBALANCING,
        /** Partitions with lag are not assigned to a member. */
        UNASSIGNED,
        /** Members commit nothing although their partitions have lag. */
        DEAD_MEMBERS,
        /** One partition has most of the lag. */
        HOT_PARTITION,
        /** An open transaction hides records from {@code read_committed} consumers. */
        HANGING_TRANSACTION,
        /** The group consumes less than producers write. */
        SLOWER_THAN_PRODUCERS,
        /** The oldest unread records will be deleted soon. */
        NEAR_RETENTION,
        /** Records were deleted before the group read them. */
        RECORDS_LOST,
        /** The group has offsets on topics that no longer exist. */
        LEFT_OVER_OFFSETS,
        /** Partitions have no committed offset, so their lag is unknown. */
        UNCOMMITTED,
        /** The group consumes more than producers write, and the lag shrinks. */
        CATCHING_UP,
        /** No cause was found. */
        UNEXPLAINED
    }
}
