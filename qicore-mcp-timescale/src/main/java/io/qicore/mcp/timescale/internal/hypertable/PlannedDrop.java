package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.catalog.HypertableFacts;
import io.qicore.mcp.timescale.internal.catalog.TimescaleExtension;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.tool.MCPToolError;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The chunks that would be dropped.
 *
 * @param plan what agents see of them
 * @param chunkNames the names of the chunks, newest first, for the hash of a plan
 */
record PlannedDrop(DropPlan plan, List<String> chunkNames) {

    /** A larger selection is refused, because a preview has to be complete. */
    private static final int MAX_CHUNKS = 5000;

    PlannedDrop {
        chunkNames = List.copyOf(chunkNames);
    }

    /**
     * Reads the chunks of a selection.
     *
     * @throws MCPToolError {@link TimescaleErrorCode#RESULT_TOO_LARGE} if there are more chunks than a plan may have
     */
    static PlannedDrop of(Session session, TimescaleExtension timescale, ChunkSelection selection) throws SQLException {
        List<ChunkSelection.Chunk> chunks = selection.chunks(session, timescale, MAX_CHUNKS + 1);
        if (chunks.size() > MAX_CHUNKS) {
            throw new MCPToolError(
                    TimescaleErrorCode.RESULT_TOO_LARGE,
                    "The range has more than " + MAX_CHUNKS
                            + " chunks. Drop them in several steps, starting with the oldest.",
                    Map.of("maxChunks", MAX_CHUNKS));
        }
        boolean analyzed = chunks.stream().allMatch(chunk -> chunk.estimatedRows() != null);
        long rows = chunks.stream()
                .map(ChunkSelection.Chunk::estimatedRows)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .sum();
        DropPlan plan = new DropPlan(
                chunks.size(),
                chunks.isEmpty() ? null : chunks.get(chunks.size() - 1).from(),
                chunks.isEmpty() ? null : chunks.get(0).to(),
                chunks.stream().mapToLong(ChunkSelection.Chunk::sizeBytes).sum(),
                analyzed ? rows : null,
                new HypertableFacts(session, timescale).aggregates(selection.hypertable()));
        return new PlannedDrop(
                plan, chunks.stream().map(ChunkSelection.Chunk::name).toList());
    }

    boolean isEmpty() {
        return chunkNames.isEmpty();
    }
}
