package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Buckets of an integer time column. Their starts are the multiples of the width.
 *
 * @param width in the unit of the column, at least 1
 * @param first the start of the first bucket
 * @param count how many buckets the range touches
 */
record IntegerBuckets(long width, long first, int count) implements Buckets {

    /** Returns buckets without bounds. */
    static IntegerBuckets unbounded(long width) {
        return new IntegerBuckets(width, 0, 0);
    }

    /**
     * Returns the buckets that a range touches.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#TOO_MANY_BUCKETS}
     */
    static IntegerBuckets of(long width, long from, long end, int most) {
        long first = Math.floorDiv(from, width);
        long count = from >= end ? 0 : Math.floorDiv(end - 1, width) - first + 1;
        if (count < 0 || count > most) {
            throw tooMany(width, from, end, most, 1, count < 0 ? Long.MAX_VALUE : count, " Nothing was run.");
        }
        return new IntegerBuckets(width, first * width, (int) count);
    }

    /** Returns the error for a range with too many buckets. */
    static MCPToolError tooMany(long width, long from, long end, int most, long series, long buckets, String last) {
        long allowed = Math.max(1, most / Math.max(1, series));
        long later = Math.max(from, (Math.floorDiv(end - 1, width) - allowed + 1) * width);
        return new MCPToolError(
                TimescaleErrorCode.TOO_MANY_BUCKETS,
                "The range holds " + buckets + " buckets" + (series > 1 ? " for each of " + series + " series" : "")
                        + "; at most " + most + " are computed at once. Use a larger interval, or from " + later
                        + (series > 1 ? ", or fewer series" : "") + "." + last,
                Map.of("buckets", buckets, "series", series, "most", most, "from", later));
    }

    @Override
    public String expression(SeriesTable table, String starts) {
        String time = table.kind().value(table.time().sqlName());
        // The remainder of a negative number is negative.
        return time + " - (" + time + " % " + literal() + " + " + literal() + ") % " + literal();
    }

    private String literal() {
        return "CAST(" + width + " AS pg_catalog.int8)";
    }

    @Override
    public String code(String bucket) {
        return bucket;
    }

    @Override
    public @Nullable String argument() {
        return null;
    }

    @Override
    public String start(long code) {
        return Long.toString(code);
    }

    @Override
    public int index(long code) {
        return (int) ((code - first) / width);
    }

    @Override
    public long codeAt(int index) {
        return first + index * width;
    }

    @Override
    public double position(int index) {
        return index;
    }
}
