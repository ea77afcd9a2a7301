package io.qicore.mcp.kafka.internal.lag;

import io.qicore.mcp.tool.Schema;
import org.jspecify.annotations.Nullable;

/** One cause of a lag, with its evidence. */
record LagFinding(
        Cause cause,

        String detail,

        @Schema("Tool to call next") @Nullable String next) {

    /** What can be behind a lag. */
    enum Cause {
        /** The group is not behind. */
        NO_LAG,
        /** No consumer runs. */
        STOPPED,
        /** Members are being assigned their partitions, and may not consume meanwhile. */
        REBALANCING,
        /** Partitions with a lag that no member owns. */
        UNASSIGNED,
        /** Members that commit nothing while their partitions have a lag. */
        DEAD_MEMBERS,
        /** One partition has most of the lag. */
        HOT_PARTITION,
        /** An open transaction keeps readers of committed data back. */
        HANGING_TRANSACTION,
        /** The group consumes less than producers write. */
        SLOWER_THAN_PRODUCERS,
        /** The oldest unread records will be deleted soon. */
        NEAR_RETENTION,
        /** Records were deleted before the group read them. */
        RECORDS_LOST,
        /** Offsets on topics that no longer exist. */
        LEFT_OVER_OFFSETS,
        /** Partitions without an offset, whose lag is not known. */
        UNCOMMITTED,
        /** It consumes more than producers write, and the lag shrinks. */
        CATCHING_UP,
        /** Nothing stands out. */
        UNEXPLAINED
    }
}
