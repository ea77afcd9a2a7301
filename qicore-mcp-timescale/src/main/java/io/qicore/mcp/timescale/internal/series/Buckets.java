package io.qicore.mcp.timescale.internal.series;

import org.jspecify.annotations.Nullable;

/**
 * The buckets of one call. The server gives each row the number of its bucket, and the buckets are named here, so that
 * months and changes of clocks are the same with and without TimescaleDB. Immutable.
 */
sealed interface Buckets permits TimeBuckets, IntegerBuckets {

    /**
     * Returns SQL for the bucket of a row, by which rows are grouped.
     *
     * @param starts the placeholder of {@link #argument}
     */
    String expression(SeriesTable table, String starts);

    /** Returns SQL for the number of a bucket. */
    String code(String bucket);

    /** Returns the argument of the expression, or null if it has none. */
    @Nullable
    String argument();

    /** Returns the start of the bucket with a number, as the result shows it. */
    String start(long code);

    /** Returns how many buckets the range touches. */
    int count();

    /** Returns the position of the bucket with a number among the buckets of the range. */
    int index(long code);

    /** Returns the number of the bucket at a position. */
    long codeAt(int index);

    /** Returns the start of the bucket at a position, as a number for interpolation. */
    double position(int index);
}
