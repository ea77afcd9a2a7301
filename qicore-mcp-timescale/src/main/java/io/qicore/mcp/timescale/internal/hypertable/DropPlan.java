package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.tool.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The effect of dropping chunks, as agents see it.
 *
 * @param chunks the number of chunks
 * @param from the start of the oldest chunk, or null if there are no chunks
 * @param to the end of the newest chunk, or null if there are no chunks
 * @param sizeBytes the size of the chunks with their indexes and TOAST tables
 * @param estimatedRows the planner's estimate of the number of rows; null if one of the chunks was never analyzed
 * @param continuousAggregates the continuous aggregates of the hypertable; refreshing a dropped range empties them there
 */
record DropPlan(
        @Schema("Number of chunks that would be dropped") long chunks,

        @Schema("Start of the oldest chunk; absent if there are no chunks") @Nullable
        String from,

        @Schema("End of the newest chunk; absent if there are no chunks") @Nullable
        String to,

        @Schema("Size of the chunks with indexes and TOAST, in bytes")
        long sizeBytes,

        @Schema("Planner's estimate of the rows; absent if a chunk was never analyzed") @Nullable
        Long estimatedRows,

        @Schema("Continuous aggregates of the table; refreshing the dropped range would empty them there, too")
        List<String> continuousAggregates) {

    /** Returns what would be deleted, for a question to the user. */
    String describe(String table) {
        return chunks + (chunks == 1 ? " chunk" : " chunks") + " of " + table
                + (chunks == 0
                        ? ""
                        : " from " + from + " to " + to + " with " + sizeBytes + " bytes"
                                + (estimatedRows == null ? "" : " and about " + estimatedRows + " rows"))
                + (continuousAggregates.isEmpty()
                        ? ""
                        : ", which the continuous aggregates " + String.join(", ", continuousAggregates)
                                + " are computed from");
    }
}
