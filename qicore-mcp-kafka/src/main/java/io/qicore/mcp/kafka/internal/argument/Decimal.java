package io.qicore.mcp.kafka.internal.argument;

import java.util.regex.Pattern;

/** Numbers in texts, as JSON and CSV files write them. */
public final class Decimal {

    /** Java's own parser also takes {@code 0x1p3}, {@code 1d} and {@code NaN}. */
    private static final Pattern FORM = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private Decimal() {}

    /**
     * Returns the number that a text has in decimal notation.
     *
     * @throws NumberFormatException if it does not have one, or it is too large for a {@code double}
     */
    public static double read(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new NumberFormatException("not a number: " + text);
        }
        double number = Double.parseDouble(text);
        if (Double.isInfinite(number)) {
            throw new NumberFormatException("too large: " + text);
        }
        return number;
    }
}
