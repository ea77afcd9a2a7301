package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.HypertableFacts;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.change.PlanHash;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.Schema;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What dropping chunks would delete.
 *
 * @param chunks how many
 * @param from start of the oldest one, or null if there are none
 * @param to end of the newest one, or null if there are none
 * @param sizeBytes their bytes with indexes and TOAST
 * @param estimatedRows the planner's estimate of their rows; null if one of them was never analyzed
 * @param continuousAggregates aggregates of the hypertable; refreshing what was dropped empties them there, too
 * @param planHash fingerprint of exactly these chunks
 */
record DropPlan(
        long chunks,
        @Schema("Start of the oldest one") @Nullable String from,
        @Schema("End of the newest one") @Nullable String to,
        long sizeBytes,

        @Schema("Planner's estimate; absent if one was never analyzed") @Nullable
        Long estimatedRows,

        @Schema("A refresh of the dropped range would empty these there, too")
        List<String> continuousAggregates,

        String planHash) {

    /** More than this many at once is refused: the preview has to be complete. */
    private static final int MAX_CHUNKS = 5000;

    /**
     * Plans.
     *
     * @throws MCPToolError if there are more than can be planned at once
     */
    static DropPlan of(Session session, TimescaleExtension timescale, ChunkSelection selection) throws SQLException {
        List<ChunkSelection.Chunk> chunks = selection.chunks(session, timescale, MAX_CHUNKS + 1);
        if (chunks.size() > MAX_CHUNKS) {
            throw new MCPToolError(
                    TimescaleErrorCode.RESULT_TOO_LARGE,
                    "More than " + MAX_CHUNKS + " chunks are meant; drop them in several steps, the oldest first.",
                    Map.of("maxChunks", MAX_CHUNKS));
        }
        boolean analyzed = chunks.stream().allMatch(chunk -> chunk.estimatedRows() != null);
        long rows = chunks.stream()
                .map(ChunkSelection.Chunk::estimatedRows)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .sum();
        String table = selection.hypertable().table().fullName();
        return new DropPlan(
                chunks.size(),
                chunks.isEmpty() ? null : chunks.get(chunks.size() - 1).from(),
                chunks.isEmpty() ? null : chunks.get(0).to(),
                chunks.stream().mapToLong(ChunkSelection.Chunk::sizeBytes).sum(),
                analyzed ? rows : null,
                new HypertableFacts(session, timescale).aggregates(selection.hypertable()),
                PlanHash.of(
                        "drop_chunks",
                        table,
                        chunks.stream().map(ChunkSelection.Chunk::name).toList()));
    }

    /** What it deletes, for the user. */
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
