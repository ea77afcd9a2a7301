package io.qicore.mcp.timescale.internal.schema;

import io.qicore.mcp.timescale.internal.catalog.HypertableFacts;
import io.qicore.mcp.timescale.internal.catalog.Policy;
import io.qicore.mcp.tool.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code describe_table} and the resource of a table show. */
record TableDescription(
        String schema,
        String table,
        String type,
        @Nullable String comment,
        List<Column> columns,
        List<String> primaryKey,

        @Schema("Foreign keys, unique and check constraints, as SQL")
        List<Constraint> constraints,

        List<Index> indexes,

        @Schema("For a hypertable, and for the rows behind a continuous aggregate") @Nullable
        Partitioning hypertable,

        @Schema("For a continuous aggregate") @Nullable Aggregate continuousAggregate) {

    record Column(
            String name,
            String type,
            boolean nullable,

            @Schema("SQL expression of the default, if there is one") @Nullable
            String defaultValue,

            @Nullable String comment) {}

    record Constraint(String name, String definition) {}

    record Index(String name, String definition, boolean unique) {}

    record Partitioning(
            @Schema("The column that it is partitioned by") String timeColumn,

            @Schema("Time that a chunk spans, ISO-8601; absent for an integer dimension") @Nullable
            String chunkInterval,

            @Schema("Span of a chunk in an integer dimension") @Nullable
            Long integerChunkInterval,

            long chunks,
            @Schema("With the columnstore") boolean compressionEnabled,

            @Schema("Absent if it is not enabled") HypertableFacts.@Nullable Columnstore columnstore,

            @Schema("All of them, time first") List<HypertableFacts.Dimension> dimensions,
            List<Policy> policies,

            @Schema("Continuous aggregates on top of it") List<String> continuousAggregates) {}

    record Aggregate(
            @Schema("What it aggregates") String source,
            String definition,

            @Schema("Whether buckets after the last refresh are left out")
            boolean materializedOnly) {}
}
