package io.qicore.mcp.timescale.internal.sql;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
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

    private static final long DAYS_TO_2000 = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = SECONDS_PER_DAY * MICROS_PER_SECOND;

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
     * Returns the time of {@code timestamptz_send} as ISO-8601 in UTC, or infinity.
     *
     * @param hexadecimal the microseconds since 2000 as the server writes bytes: {@code \x} and 16 digits
     */
    public static String sent(String hexadecimal) {
        long micros = Long.parseUnsignedLong(hexadecimal, 2, hexadecimal.length(), 16);
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            return micros > 0 ? "infinity" : "-infinity";
        }
        long days = Math.floorDiv(micros, MICROS_PER_DAY);
        long time = Math.floorMod(micros, MICROS_PER_DAY);
        LocalDate date = LocalDate.ofEpochDay(DAYS_TO_2000 + days);
        if (date.getYear() < 1 || date.getYear() > 9999) {
            return of(Instant.ofEpochSecond((DAYS_TO_2000 + days) * SECONDS_PER_DAY, time * 1000), ZoneOffset.UTC);
        }
        // A formatter takes several times as long, and a result may have thousands of times.
        char[] text = "0000-00-00T00:00:00.000000".toCharArray();
        digits(text, 0, 4, date.getYear());
        digits(text, 5, 2, date.getMonthValue());
        digits(text, 8, 2, date.getDayOfMonth());
        int seconds = (int) (time / MICROS_PER_SECOND);
        digits(text, 11, 2, seconds / 3600);
        digits(text, 14, 2, seconds / 60 % 60);
        digits(text, 17, 2, seconds % 60);
        int fraction = (int) (time % MICROS_PER_SECOND);
        digits(text, 20, 6, fraction);
        int end = fraction == 0 ? 19 : text.length;
        while (fraction != 0 && text[end - 1] == '0') {
            end--;
        }
        return new StringBuilder(end + 1).append(text, 0, end).append('Z').toString();
    }

    private static void digits(char[] text, int start, int count, int value) {
        int rest = value;
        for (int i = start + count - 1; i >= start; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
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
