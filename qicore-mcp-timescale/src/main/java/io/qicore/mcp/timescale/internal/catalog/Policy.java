package io.qicore.mcp.timescale.internal.catalog;

import io.qicore.mcp.tool.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A policy of a hypertable or continuous aggregate, which TimescaleDB applies on a schedule.
 *
 * @param jobId number of the job that does it
 * @param type kind, as agents name it
 * @param table schema and name of the hypertable, or of the view of the continuous aggregate
 * @param after age at which it moves or drops, ISO-8601 or an integer
 * @param startOffset age of the oldest data that a refresh covers
 * @param endOffset age of the youngest data that a refresh covers
 * @param schedule how often it runs, ISO-8601
 * @param scheduled whether it runs at all
 * @param lastStatus how the last run ended
 * @param nextStart when it runs next, ISO-8601
 */
public record Policy(
        @Schema("Number of its job") int jobId,

        @Schema("columnstore, retention, refresh, reorder or other")
        String type,

        @Schema("Hypertable or continuous aggregate") String table,

        @Schema("Age at which chunks are moved or dropped: ISO-8601, or an integer") @Nullable
        String after,

        @Schema("Oldest age that a refresh covers; absent: everything") @Nullable
        String startOffset,

        @Schema("Youngest age that a refresh covers; absent: everything") @Nullable
        String endOffset,

        @Schema("How often it runs, ISO-8601") String schedule,
        @Schema("False if it is paused") boolean scheduled,

        @Schema("Status of its last run, if it ran") @Nullable
        String lastStatus,

        @Schema("When it runs next, if that is known") @Nullable
        String nextStart) {}
