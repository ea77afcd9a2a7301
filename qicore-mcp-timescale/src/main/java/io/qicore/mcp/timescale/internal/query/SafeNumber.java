package io.qicore.mcp.timescale.internal.query;

/**
 * Decides which numbers every JSON reader keeps, also one that reads all numbers as {@code double}: integers up to
 * 2<sup>53</sup> - 1, and decimals of at most {@value #SAFE_DIGITS} digits and of a usual size.
 */
final class SafeNumber {

    /** The number of decimal digits that a double keeps. */
    private static final int SAFE_DIGITS = 15;

    /** The largest integer up to which a double represents all integers exactly. */
    private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

    /** The most digits of {@link #MAX_SAFE_INTEGER}. */
    private static final int MAX_INTEGER_DIGITS = 16;

    /** A double has normal values from about 1e-308 to 1e308. */
    private static final int MAX_EXPONENT = 300;

    private SafeNumber() {}

    /** Returns whether the text of a number is neither NaN nor an infinity. */
    static boolean isFinite(String text) {
        char last = text.charAt(text.length() - 1);
        return last >= '0' && last <= '9';
    }

    /** Returns whether the text of a finite number is written as an integer. */
    static boolean isInteger(String text) {
        return text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
    }

    /** Returns whether every JSON reader keeps the value. The cost depends on the length of the text, not on the value. */
    static boolean isSafe(String text) {
        if (!isFinite(text)) {
            return false;
        }
        int digits = 0;
        int zeros = 0;
        int point = -1;
        int position = 0;
        int exponent = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                point = position;
            } else if (c == 'e' || c == 'E') {
                if (text.length() - i > 6) {
                    return false;
                }
                exponent = Integer.parseInt(text.substring(i + 1));
                break;
            } else if (c >= '0' && c <= '9') {
                position++;
                if (c != '0') {
                    digits += digits == 0 ? 1 : zeros + 1;
                    zeros = 0;
                } else if (digits > 0) {
                    zeros++;
                }
            }
        }
        if (digits == 0) {
            return true;
        }
        int integerDigits = (point < 0 ? position : point) + exponent;
        if (integerDigits > MAX_EXPONENT || integerDigits - position < -MAX_EXPONENT) {
            return false;
        }
        if (point < 0 && exponent == 0) {
            return integerDigits <= MAX_INTEGER_DIGITS && Math.abs(Long.parseLong(text)) <= MAX_SAFE_INTEGER;
        }
        return digits <= SAFE_DIGITS;
    }

    /** Removes trailing zeros of a fraction, which only show how a column was declared. */
    static String withoutTrailingZeros(String text) {
        if (text.indexOf('.') < 0) {
            return text;
        }
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }
}
