package io.qicore.mcp.timescale.internal.sql;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes times as ISO-8601, those of Java and those that PostgreSQL writes in a session in UTC. */
public final class TimeText {

    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR_OF_ERA, 4, 6, SignStyle.NOT_NEGATIVE)
            .appendPattern("-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .appendOffset("+HH:MM:ss", "Z")
            .toFormatter(Locale.ROOT);

    private TimeText() {}

    /**
     * Returns a time with the offset of a zone, as ISO-8601 and with microseconds if it has a fraction. Distant years are
     * as PostgreSQL writes and reads them: more than four digits have no sign, and years before 1 end in BC.
     */
    public static String of(Instant time, ZoneId zone) {
        OffsetDateTime local = time.atZone(zone).toOffsetDateTime();
        return FORMAT.format(local) + (local.getYear() > 0 ? "" : " BC");
    }

    /**
     * Returns a {@code timestamp with time zone} as ISO-8601 in UTC; null stays null.
     *
     * @param text what the server writes, as a value ({@code 2026-01-01 00:00:00+00}) or in JSON
     */
    public static @Nullable String instant(@Nullable String text) {
        return text == null ? null : utc(text);
    }

    /**
     * Returns a {@code timestamp without time zone} that is a time in UTC, with T between date and time and Z behind the time;
     * infinity stays as it is.
     */
    public static String localInUtc(String text) {
        String local = local(text);
        if (local.indexOf('T') < 0) {
            return local;
        }
        int end = local.indexOf(' ');
        return end < 0 ? local + 'Z' : local.substring(0, end) + 'Z' + local.substring(end);
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
