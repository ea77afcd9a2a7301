package io.qicore.mcp.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds numbers that must not be passed on: JSON has no infinite ones, a number beyond the range of a double would silently
 * become infinite or zero as one, and a number such as {@code 1e999999999} takes all memory where it is expanded.
 */
public final class Numbers {

    private static final BigDecimal LARGEST = new BigDecimal(Double.MAX_VALUE);
    private static final BigDecimal SMALLEST = new BigDecimal(Double.MIN_VALUE);
    private static final int LARGEST_BITS = LARGEST.toBigInteger().bitLength();

    /** More than any double has; the parser limits the digits of a number to 1,000. */
    private static final int LARGEST_SCALE = 1_400;

    /** Far less than can be written, and than recursion needs to overflow the stack of any thread. */
    private static final int MAX_DEPTH = 1_000;

    private Numbers() {}

    /**
     * Returns what is wrong with the first such number in a value, such as {@code "'price' is beyond the range of a 64-bit
     * float"}; null if there is none.
     *
     * @throws IllegalStateException if the value is nested deeper than 1,000 levels
     */
    public static @Nullable String fault(JsonNode value) {
        return fault(value, "", 0);
    }

    private static @Nullable String fault(JsonNode value, String path, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalStateException("A value may be nested " + MAX_DEPTH + " levels deep at most.");
        }
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                if (mayHave(member.getValue())) {
                    String fault = fault(
                            member.getValue(),
                            path.isEmpty() ? member.getKey() : path + "." + member.getKey(),
                            depth + 1);
                    if (fault != null) {
                        return fault;
                    }
                }
            }
            return null;
        }
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                if (mayHave(value.get(i))) {
                    String fault = fault(value.get(i), path.isEmpty() ? "" + i : path + "." + i, depth + 1);
                    if (fault != null) {
                        return fault;
                    }
                }
            }
            return null;
        }
        String what = numberFault(value);
        return what == null ? null : (path.isEmpty() ? "the number " : "'" + path + "' ") + what;
    }

    /** Returns whether a value is one that can have a fault, before a path is made for it. */
    private static boolean mayHave(JsonNode value) {
        return value.isContainerNode() || (value.isNumber() && numberFault(value) != null);
    }

    private static @Nullable String numberFault(JsonNode value) {
        if (value.isDouble() || value.isFloat()) {
            return Double.isFinite(value.doubleValue())
                    ? null
                    : "is " + value.doubleValue() + ", which JSON cannot express";
        }
        boolean beyond = (value.isBigDecimal() && isBeyond(value.decimalValue()))
                || (value.isBigInteger() && isBeyond(value.bigIntegerValue()));
        return beyond ? "is beyond the range of a 64-bit float" : null;
    }

    private static boolean isBeyond(BigInteger value) {
        return value.bitLength() > LARGEST_BITS;
    }

    private static boolean isBeyond(BigDecimal value) {
        if (Math.abs((long) value.scale()) > LARGEST_SCALE) {
            return true;
        }
        BigDecimal size = value.abs();
        return size.signum() != 0 && (size.compareTo(LARGEST) > 0 || size.compareTo(SMALLEST) < 0);
    }
}
