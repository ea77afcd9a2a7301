package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.sql.Intervals;
import io.qicore.mcp.timescale.internal.sql.TimeText;
import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of time.
 *
 * @param from earliest time, inclusive, or null
 * @param to latest time, exclusive, or null
 */
record TimeRange(@Nullable Instant from, @Nullable Instant to) {

    /** The meaning of the argument {@code timezone}. */
    static final String TIMEZONE = "IANA name, else UTC";

    private static final Pattern ABSOLUTE = Pattern.compile("[+-]?\\d{4,}-\\d.*");
    private static final Pattern WITH_OFFSET = Pattern.compile(".*T.*(Z|z|[+-]\\d\\d(:?\\d\\d){0,2})");

    /** The years that PostgreSQL has; it counts 1 BC where ISO-8601 counts 0. */
    private static final int FIRST_YEAR = -4711;

    private static final int LAST_YEAR = 294_275;

    /**
     * Parses both ends: ISO-8601 with an offset, a local time or a date in a zone, or an age such as {@code 24h}.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} or
     *     {@link TimescaleErrorCode#INVALID_INTERVAL} if an end is not valid, or the start is not before the end
     */
    static TimeRange parse(@Nullable String from, @Nullable String to, Instant now, ZoneId zone) {
        Instant start = point(from, "from", now, zone);
        Instant end = point(to, "to", now, zone);
        if (start != null && end != null && !start.isBefore(end)) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'from' (" + start + ") is not before 'to' (" + end + ").",
                    Map.of("from", start.toString(), "to", end.toString()));
        }
        return new TimeRange(start, end);
    }

    /**
     * Parses one point in time. Null stays null. Of a local time that comes twice, the first is meant; one that is
     * skipped is later by the length of the gap.
     */
    static @Nullable Instant point(@Nullable String text, String argument, Instant now, ZoneId zone) {
        if (text == null) {
            return null;
        }
        String stripped = text.strip();
        if (!ABSOLUTE.matcher(stripped).matches() && !stripped.isEmpty() && Character.isDigit(stripped.charAt(0))) {
            return now.minus(Intervals.parse(stripped, argument));
        }
        try {
            Instant instant = WITH_OFFSET.matcher(stripped).matches()
                    ? OffsetDateTime.parse(stripped).toInstant()
                    : (stripped.indexOf('T') >= 0
                                    ? LocalDateTime.parse(stripped)
                                    : LocalDate.parse(stripped).atStartOfDay())
                            .atZone(zone)
                            .toInstant();
            int year = instant.atOffset(ZoneOffset.UTC).getYear();
            if (year >= FIRST_YEAR && year <= LAST_YEAR) {
                return instant;
            }
            throw invalid(text, argument, null);
        } catch (DateTimeParseException e) {
            throw invalid(text, argument, e);
        }
    }

    private static MCPToolError invalid(String text, String argument, @Nullable Exception cause) {
        String shown = text.length() <= 50 ? text : text.substring(0, 50) + "…";
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "'" + shown + "' is not a value for " + argument
                        + ": write 2026-01-31T12:00:00Z, an offset instead of Z or none, 2026-01-31, or an age such as"
                        + " 24h.",
                Map.of("argument", argument),
                cause);
    }

    /**
     * Returns the zone of an IANA name; UTC for null.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} and a similar name
     */
    static ZoneId zone(@Nullable String name) {
        if (name == null) {
            return ZoneOffset.UTC;
        }
        String stripped = name.strip();
        if (ZoneId.getAvailableZoneIds().contains(stripped)) {
            ZoneId zone = ZoneId.of(stripped);
            return zone.normalized().equals(ZoneOffset.UTC) ? ZoneOffset.UTC : zone;
        }
        TreeSet<String> names = new TreeSet<>(ZoneId.getAvailableZoneIds());
        String wanted = stripped.replace(' ', '_');
        // A city without its continent is a common mistake.
        String hint = names.stream()
                .filter(known -> ("/" + known).toLowerCase(Locale.ROOT).endsWith("/" + wanted.toLowerCase(Locale.ROOT)))
                .findFirst()
                .or(() -> ClosestName.to(wanted, names))
                .map(near -> "Did you mean '" + near + "'?")
                .orElse(
                        "Write a name such as Europe/Berlin or UTC; of a fixed offset, Etc/GMT-2 is 2 hours east of UTC.");
        String shown = name.length() <= 50 ? name : name.substring(0, 50) + "…";
        throw new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "'" + shown + "' is not an IANA time zone. " + hint,
                Map.of("argument", "timezone"));
    }

    /** Returns the start as PostgreSQL reads it, or null. */
    @Nullable
    String fromSql() {
        return from == null ? null : TimeText.of(from, ZoneOffset.UTC);
    }

    /** Returns the end as PostgreSQL reads it, or null. */
    @Nullable
    String toSql() {
        return to == null ? null : TimeText.of(to, ZoneOffset.UTC);
    }
}
