package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.sql.Intervals;
import io.qicore.mcp.timescale.internal.sql.Times;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of time.
 *
 * @param from earliest time, inclusive, or null
 * @param to latest time, exclusive, or null
 */
record TimeRange(@Nullable Instant from, @Nullable Instant to) {

    /** The origin to which buckets are aligned: a Monday, as in {@code time_bucket}. */
    static final Instant ORIGIN = Instant.parse("2000-01-03T00:00:00Z");

    private static final Pattern ABSOLUTE = Pattern.compile("\\d{4}-\\d.*");

    /**
     * Parses both ends: ISO-8601 with offset, a date in UTC, or an age such as {@code 24h}.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} or
     *     {@link TimescaleErrorCode#INVALID_INTERVAL} if an end is not valid, or the start is not before the end
     */
    static TimeRange parse(@Nullable String from, @Nullable String to, Instant now) {
        Instant start = point(from, "from", now);
        Instant end = point(to, "to", now);
        if (start != null && end != null && !start.isBefore(end)) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'from' (" + start + ") is not before 'to' (" + end + ").",
                    Map.of("from", start.toString(), "to", end.toString()));
        }
        return new TimeRange(start, end);
    }

    /** Parses one point in time. Null stays null. */
    static @Nullable Instant point(@Nullable String text, String argument, Instant now) {
        if (text == null || ABSOLUTE.matcher(text.strip()).matches() || !Character.isDigit(first(text))) {
            return Times.parse(text, argument);
        }
        return now.minus(Intervals.parse(text, argument));
    }

    private static char first(String text) {
        return text.isBlank() ? ' ' : text.strip().charAt(0);
    }

    /** Returns the number of buckets that the range touches, or empty without a start. */
    long buckets(Duration interval, Instant now) {
        if (from == null) {
            return 0;
        }
        Instant end = to == null ? now : to;
        if (!from.isBefore(end)) {
            return 0;
        }
        long first = index(from, interval);
        long last = index(end.minusNanos(1), interval);
        return last - first + 1;
    }

    /** Returns the number of the bucket of a time, counted from the origin. */
    static long index(Instant time, Duration interval) {
        return Math.floorDiv(time.getEpochSecond() - ORIGIN.getEpochSecond(), interval.toSeconds());
    }

    /** Returns the start of a bucket. */
    static Instant start(long index, Duration interval) {
        return ORIGIN.plusSeconds(index * interval.toSeconds());
    }

    /**
     * Refuses a range with too many buckets, before a statement runs.
     *
     * @param series how many series each have their own buckets, at least one
     * @param most buckets of all series together
     * @throws MCPToolError with {@link TimescaleErrorCode#TOO_MANY_BUCKETS} that says which interval or start is possible
     */
    void requireAtMost(long most, long series, Duration interval, Instant now) {
        long perSeries = buckets(interval, now);
        if (from == null || perSeries * Math.max(1, series) <= most) {
            return;
        }
        long allowed = Math.max(1, most / Math.max(1, series));
        Instant end = to == null ? now : to;
        long seconds = Duration.between(from, end).toSeconds();
        // A range that begins within a bucket touches one bucket more.
        long whole = Math.max(1, allowed - 1);
        Duration wider = Duration.ofSeconds((seconds + whole - 1) / whole);
        Instant later = start(index(end.minusNanos(1), interval) - allowed + 1, interval);
        throw new MCPToolError(
                TimescaleErrorCode.TOO_MANY_BUCKETS,
                "The range holds " + perSeries + " buckets" + (series > 1 ? " for each of " + series + " series" : "")
                        + "; at most " + most + " are computed at once. Use an interval of at least "
                        + readable(wider) + ", or from " + later + (series > 1 ? ", or fewer series" : "")
                        + ". Nothing was run.",
                Map.of("buckets", perSeries, "series", series, "most", most, "from", later.toString()));
    }

    private static String readable(Duration interval) {
        long seconds = interval.toSeconds();
        if (seconds > 86_400) {
            return (seconds + 86_399) / 86_400 + "d";
        }
        if (seconds > 3600) {
            return (seconds + 3599) / 3600 + "h";
        }
        return seconds > 60 ? (seconds + 59) / 60 + "m" : seconds + "s";
    }
}
