package io.qicore.mcp.timescale.internal.query;

import io.qicore.mcp.tool.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The summary of a plan. */
record PlanSummary(
        @Schema("Cost that the planner expects, in its own unit")
        double estimatedCost,

        @Schema("Rows that the planner expects") long estimatedRows,

        @Nullable @Schema("Rows that there were, if analyzed")
        Long actualRows,

        @Nullable @Schema("Milliseconds to plan, if analyzed")
        Double planningMillis,

        @Nullable @Schema("Milliseconds to run, if analyzed")
        Double executionMillis,

        @Schema("Tables that are read; a hypertable once, with its chunks")
        List<Scan> scans,

        @Schema("The steps that cost the most by themselves, most expensive first; milliseconds if analyzed, else cost")
        List<Step> expensiveSteps,

        @Schema("What to look at, if anything") List<String> hints) {

    /** A table, or all chunks of a hypertable together. */
    record Scan(
            @Schema("Name") String table,

            @Schema("How it is read, such as Seq Scan, Index Scan, ChunkAppend")
            List<String> methods,

            @Nullable @Schema("Chunks that are read; only of a hypertable")
            Integer chunks,

            @Nullable @Schema("Of these, chunks in the columnstore, which are decompressed")
            Integer compressedChunks,

            @Nullable
            @Schema("Chunks that a condition on the time excluded when the statement began or while it ran. Chunks that"
                    + " the planner excluded before do not appear in a plan and are not counted.")
            Integer excludedChunks,

            @Schema("Rows that the planner expects") long estimatedRows,
            @Nullable @Schema("Rows read, if analyzed") Long actualRows) {}

    /** One step of the plan. */
    record Step(
            @Schema("Kind of step, and the table if it has one")
            String step,

            @Schema("Its own share, without the steps below it")
            double self) {}
}
