package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.internal.query.ResultColumn;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds the empty buckets of one series. This is not done by {@code time_bucket_gapfill}, so that the answer is the same
 * with the Community edition and the Apache edition of TimescaleDB and with plain PostgreSQL. Values are the text of
 * PostgreSQL. Counts of an empty bucket are 0. Immutable.
 */
final class GapFiller {

    /** How the values of an empty bucket are filled. */
    enum Mode {
        /** With null. */
        NULL,
        /** With the last value before, like {@code locf}. */
        LOCF,
        /** By linear interpolation between the values before and after, like {@code interpolate}. */
        INTERPOLATE
    }

    /** Digits of an interpolated number behind those of its neighbours. */
    private static final int MORE_DIGITS = 6;

    private final Mode mode;
    private final Buckets buckets;
    private final List<ResultColumn> columns;
    private final List<Boolean> counts;

    /**
     * Creates the filler of one range.
     *
     * @param columns of the values
     * @param counts for each value, whether it is a count
     * @throws MCPToolError if values that are not numbers are to be interpolated
     */
    GapFiller(Mode mode, Buckets buckets, List<ResultColumn> columns, List<Boolean> counts) {
        this.mode = mode;
        this.buckets = buckets;
        this.columns = List.copyOf(columns);
        this.counts = List.copyOf(counts);
        for (int i = 0; i < columns.size(); i++) {
            ResultColumn column = columns.get(i);
            if (mode == Mode.INTERPOLATE && !counts.get(i) && !column.isExactNumber() && !column.isFloat()) {
                throw new MCPToolError(
                        StandardErrorCode.INVALID_ARGUMENT,
                        "'" + column.name() + "' is of type " + column.type()
                                + ", and fill: interpolate computes numbers only. Use fill: locf.",
                        Map.of("argument", "fill", "column", column.name()));
            }
        }
    }

    /**
     * Returns the values of all buckets.
     *
     * @param known the values of each bucket by its position, null for an empty one
     */
    List<@Nullable String[]> fill(List<@Nullable String @Nullable []> known) {
        List<@Nullable String[]> filled = new ArrayList<>();
        for (int bucket = 0; bucket < known.size(); bucket++) {
            filled.add(new String[columns.size()]);
        }
        for (int column = 0; column < columns.size(); column++) {
            int before = -1;
            for (int bucket = 0; bucket < known.size(); bucket++) {
                String value = value(known, bucket, column);
                if (value == null && counts.get(column)) {
                    value = "0";
                }
                filled.get(bucket)[column] = value;
                if (value == null) {
                    if (mode == Mode.LOCF && before >= 0) {
                        filled.get(bucket)[column] = value(known, before, column);
                    }
                } else {
                    if (mode == Mode.INTERPOLATE && before >= 0) {
                        interpolate(filled, column, before, bucket);
                    }
                    before = bucket;
                }
            }
        }
        return filled;
    }

    private static @Nullable String value(List<@Nullable String @Nullable []> known, int bucket, int column) {
        @Nullable String[] values = known.get(bucket);
        return values == null ? null : values[column];
    }

    private void interpolate(List<@Nullable String[]> filled, int column, int before, int after) {
        String first = filled.get(before)[column];
        String last = filled.get(after)[column];
        for (int bucket = before + 1; bucket < after && first != null && last != null; bucket++) {
            double part = (buckets.position(bucket) - buckets.position(before))
                    / (buckets.position(after) - buckets.position(before));
            filled.get(bucket)[column] = columns.get(column).isFloat()
                    ? between(number(first), number(last), part)
                    : between(first, last, part);
        }
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }

    private static String between(double first, double last, double part) {
        // Not first + (last - first) * part, which can overflow.
        return Double.toString(first * (1 - part) + last * part);
    }

    private static String between(String first, String last, double part) {
        if (!isFinite(first) || !isFinite(last)) {
            return Double.toString(number(first) * (1 - part) + number(last) * part);
        }
        BigDecimal start = new BigDecimal(first);
        BigDecimal end = new BigDecimal(last);
        BigDecimal value = start.add(end.subtract(start).multiply(BigDecimal.valueOf(part)));
        int scale = Math.max(start.scale(), end.scale());
        return value.setScale(scale + (scale > MORE_DIGITS ? 0 : MORE_DIGITS), RoundingMode.HALF_EVEN)
                .toPlainString();
    }

    private static boolean isFinite(String text) {
        return Character.isDigit(text.charAt(text.length() - 1));
    }
}
