package io.qicore.mcp.internal.schema;

import java.util.List;

/**
 * What a component adds to the schema of its type.
 *
 * @param description the meaning; empty if there is none
 * @param defaultValue the value of a missing argument as JSON or as plain text; empty if there is none
 * @param minimum the smallest number; {@link Long#MIN_VALUE} if there is none
 * @param maximum the largest number; {@link Long#MAX_VALUE} if there is none
 * @param minLength the minimum length of a text or a list; 0 if there is none
 * @param maxLength the maximum length of a text or a list; {@link Integer#MAX_VALUE} if there is none
 * @param pattern the regular expression of a text; empty if there is none
 * @param allowed the allowed texts; empty if all are allowed
 */
public record Constraints(
        String description,
        String defaultValue,
        long minimum,
        long maximum,
        int minLength,
        int maxLength,
        String pattern,
        List<String> allowed) {

    /** Adds nothing. */
    public static final Constraints NONE =
            new Constraints("", "", Long.MIN_VALUE, Long.MAX_VALUE, 0, Integer.MAX_VALUE, "", List.of());

    boolean hasDefault() {
        return !defaultValue.isEmpty();
    }
}
