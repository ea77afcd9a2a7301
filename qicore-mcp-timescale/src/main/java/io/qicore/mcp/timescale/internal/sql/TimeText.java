package io.qicore.mcp.timescale.internal.sql;

import org.jspecify.annotations.Nullable;

/** Turns times, as PostgreSQL writes them in a session in UTC, into ISO-8601. */
public final class TimeText {

    private TimeText() {}

    /**
     * Returns a {@code timestamp with time zone} as ISO-8601 in UTC; null stays null.
     *
     * @param text what the server writes, as a value ({@code 2026-01-01 00:00:00+00}) or in JSON
     */
    public static @Nullable String instant(@Nullable String text) {
        return text == null ? null : utc(text);
    }

    /**
     * Returns a {@code timestamp with time zone} as ISO-8601 in UTC; what has no offset, such as infinity, stays as
     * it is.
     */
    public static String utc(String text) {
        int offset = text.indexOf("+00");
        if (offset < 0) {
            return text;
        }
        int end = text.startsWith(":00", offset + 3) ? offset + 6 : offset + 3;
        return local(text.substring(0, offset)) + "Z" + text.substring(end);
    }

    /**
     * Returns a {@code timestamp without time zone} with T between date and time; a space is left only before {@code
     * BC}.
     */
    public static String local(String text) {
        int space = text.indexOf(' ');
        return space > 0 && Character.isDigit(text.charAt(space - 1)) && !text.startsWith("BC", space + 1)
                ? text.substring(0, space) + 'T' + text.substring(space + 1)
                : text;
    }
}
