package io.qicore.mcp.kafka.internal.argument;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Reads whole numbers that are written with a fraction of zero. */
public final class WholeNumber {

    // No exponent: 1e999999999 would be a number of a billion digits.
    private static final Pattern DECIMAL = Pattern.compile("[+-]?\\d{1,19}\\.0+");

    private WholeNumber() {}

    /** Returns the number without its fraction, such as 30 for 30.0. Returns any other text as it is. */
    public static String plain(String text) {
        return DECIMAL.matcher(text).matches()
                ? new BigDecimal(text).toBigInteger().toString()
                : text;
    }
}
