package io.qicore.mcp.kafka.internal.argument;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads times with a time zone. */
public final class TimeArgument {

    /** Examples for the message of an error. */
    public static final String EXAMPLE =
            "a time with a time zone, such as 2026-11-22T09:00:00Z or 2026-11-22T11:00:00+02:00";

    private static final Pattern TIME = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})[Tt ]\\s*([0-9:.,]+)\\s*(\\S+)");
    private static final Pattern OFFSET = Pattern.compile("([+-]\\d{2}):?(\\d{2})?");

    private TimeArgument() {}

    /**
     * Reads a time. It is written as in ISO 8601, or with a space instead of the T, and with any of the usual zones:
     * {@code Z}, {@code UTC}, {@code +02:00}, {@code +0200}, {@code +02} or {@code +01:00[Europe/Berlin]}.
     *
     * @throws DateTimeException if it is not such a time
     */
    public static Instant parse(String text) {
        Matcher time = TIME.matcher(text.strip());
        if (!time.matches()) {
            return OffsetDateTime.parse(text.strip()).toInstant();
        }
        String clock = time.group(2).replace(',', '.');
        return ZonedDateTime.parse(time.group(1) + "T" + clock + zone(time.group(3)))
                .toInstant();
    }

    private static String zone(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (upper.equals("Z") || upper.equals("UTC") || upper.equals("GMT")) {
            return "Z";
        }
        Matcher offset = OFFSET.matcher(text);
        return offset.matches() ? offset.group(1) + ":" + (offset.group(2) == null ? "00" : offset.group(2)) : text;
    }
}
