package io.qicore.mcp.kafka.internal.argument;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Reads the time in a field of a record or a file. */
public final class TimeField {

    // Smaller numbers are taken for seconds: as milliseconds they would be dates before March 1973.
    private static final long FIRST_MILLISECONDS = 100_000_000_000L;

    private TimeField() {}

    /**
     * Reads a time: ISO-8601 with an offset, or seconds or milliseconds since 1970.
     *
     * @throws IllegalArgumentException if it is something else; the message names the field
     */
    public static Instant read(String name, String text) {
        try {
            if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                long number = Long.parseLong(text);
                return number < FIRST_MILLISECONDS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
            }
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | NumberFormatException e) {
            String shown = text.length() <= 40 ? text : text.substring(0, 40) + "…";
            throw new IllegalArgumentException(
                    "'" + name + "' must be ISO-8601 with an offset, such as 2026-11-22T10:00:00Z, or seconds or"
                            + " milliseconds since 1970, not '" + shown + "'",
                    e);
        }
    }
}
