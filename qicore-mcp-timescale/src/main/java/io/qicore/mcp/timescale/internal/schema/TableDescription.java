package io.qicore.mcp.timescale.internal.schema;

import io.qicore.mcp.timescale.internal.catalog.HypertableFacts;
import io.qicore.mcp.timescale.internal.catalog.Policy;
import io.qicore.mcp.tool.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of {@code describe_table} and of the resource of a table. */
record TableDescription(
        @Schema("Schema name") String schema,
        @Schema("Table name") String table,

        @Schema("table, partitioned table, hypertable, view, materialized view, continuous aggregate or foreign table")
        String type,

        @Schema("Comment on the table, if there is one") @Nullable
        String comment,

        @Schema("In their order") List<Column> columns,

        @Schema("Columns of the primary key; empty if there is none")
        List<String> primaryKey,

        @Schema("Foreign keys, unique and check constraints, as SQL")
        List<Constraint> constraints,

        @Schema("The indexes") List<Index> indexes,

        @Schema("For a hypertable, and for the rows behind a continuous aggregate") @Nullable
        Partitioning hypertable,

        @Schema("For a continuous aggregate") @Nullable Aggregate continuousAggregate) {

    record Column(
            @Schema("Column name") String name,
            @Schema("SQL type") String type,
            @Schema("Whether it may be NULL") boolean nullable,

            @Schema("Default as an SQL expression, if there is one") @Nullable
            String defaultValue,

            @Schema("Comment on the column, if there is one") @Nullable
            String comment) {}

    record Constraint(
            @Schema("Constraint name") String name,
            @Schema("SQL of the constraint") String definition) {}

    record Index(
            @Schema("Index name") String name,
            @Schema("SQL that creates the index") String definition,
            @Schema("Whether it is unique") boolean unique) {}

    record Partitioning(
            @Schema("Column by which the table is partitioned")
            String timeColumn,

            @Schema("Time that a chunk spans, ISO-8601; absent for an integer dimension") @Nullable
            String chunkInterval,

            @Schema("Span of a chunk in an integer dimension") @Nullable
            Long integerChunkInterval,

            @Schema("Number of chunks") long chunks,
            @Schema("Whether the columnstore is enabled") boolean compressionEnabled,

            @Schema("Settings of the columnstore; absent if it is not enabled")
            HypertableFacts.@Nullable Columnstore columnstore,

            @Schema("All dimensions, the time first") List<HypertableFacts.Dimension> dimensions,
            @Schema("The policies of the table") List<Policy> policies,

            @Schema("Continuous aggregates of the table") List<String> continuousAggregates) {}

    record Aggregate(
            @Schema("The hypertable or continuous aggregate that it aggregates")
            String source,

            @Schema("Its SELECT") String definition,

            @Schema("Whether buckets after the last refresh are left out")
            boolean materializedOnly) {}
}
