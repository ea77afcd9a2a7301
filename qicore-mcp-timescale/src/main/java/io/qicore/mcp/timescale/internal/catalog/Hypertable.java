package io.qicore.mcp.timescale.internal.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A hypertable, or the hidden hypertable with the rows of a continuous aggregate.
 *
 * @param table what the agent knows: the hypertable or the view of the continuous aggregate
 * @param owner the role that owns it
 * @param schema schema of the hypertable itself
 * @param name name of the hypertable itself
 * @param timeColumn the column of its first dimension
 * @param timeType SQL type of that column
 * @param chunkInterval time that a chunk spans, ISO-8601, or null if the dimension is of integers
 * @param integerInterval span of a chunk of an integer dimension, or null
 * @param chunks number of chunks
 * @param compressed whether the columnstore is enabled
 * @param aggregate what it is as a continuous aggregate, or null for a hypertable
 */
public record Hypertable(
        Table table,
        String owner,
        String schema,
        String name,
        String timeColumn,
        String timeType,
        @Nullable String chunkInterval,
        @Nullable Long integerInterval,
        long chunks,
        boolean compressed,
        @Nullable Aggregate aggregate) {

    /**
     * A continuous aggregate.
     *
     * @param source schema and name of the hypertable that it aggregates
     * @param definition its SELECT
     * @param materializedOnly whether rows younger than the last refresh are left out
     */
    public record Aggregate(String source, String definition, boolean materializedOnly) {}

    /** Returns whether the time column is an integer. */
    public boolean isInteger() {
        return integerInterval != null;
    }

    /** Returns whether this is the hidden hypertable of a continuous aggregate. */
    public boolean isAggregate() {
        return aggregate != null;
    }
}
