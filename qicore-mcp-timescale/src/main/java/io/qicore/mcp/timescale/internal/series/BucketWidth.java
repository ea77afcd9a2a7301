package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The length of a bucket.
 *
 * @param count how many units, at least 1
 */
record BucketWidth(long count, Unit unit) {

    /** The units that differ in how they follow the calendar. */
    enum Unit {
        /** Of fixed length. */
        SECONDS,
        /** Calendar days, which have 23 or 25 hours when clocks change. */
        DAYS,
        /** Calendar months. */
        MONTHS
    }

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,8})\\s*([a-zA-Z]{1,8})");

    private static final long DAY_SECONDS = 86_400;
    private static final long LONGEST_SECONDS = 366 * 100 * DAY_SECONDS;
    private static final long MEAN_MONTH_SECONDS = 2_629_746;

    /**
     * Parses a whole number and s, m, h, d, w, mo, q or y, or a longer name of the unit.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#INVALID_INTERVAL} if it is anything else
     */
    static BucketWidth parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw invalid(text);
        }
        long count = Long.parseLong(matcher.group(1));
        // In market data, M is a month and m a minute.
        String unit = matcher.group(2).equals("M") ? "mo" : matcher.group(2).toLowerCase(Locale.ROOT);
        BucketWidth width =
                switch (unit) {
                    case "s", "sec", "secs", "second", "seconds" -> new BucketWidth(count, Unit.SECONDS);
                    case "m", "min", "mins", "minute", "minutes" -> new BucketWidth(count * 60, Unit.SECONDS);
                    case "h", "hr", "hrs", "hour", "hours" -> new BucketWidth(count * 3600, Unit.SECONDS);
                    case "d", "day", "days" -> new BucketWidth(count, Unit.DAYS);
                    case "w", "week", "weeks" -> new BucketWidth(count * 7, Unit.DAYS);
                    case "mo", "mon", "mons", "month", "months" -> new BucketWidth(count, Unit.MONTHS);
                    case "q", "quarter", "quarters" -> new BucketWidth(count * 3, Unit.MONTHS);
                    case "y", "yr", "yrs", "year", "years" -> new BucketWidth(count * 12, Unit.MONTHS);
                    default -> throw invalid(text);
                };
        if (width.seconds() > LONGEST_SECONDS) {
            throw invalid(text);
        }
        return width;
    }

    /** Returns the length; of months, the mean length. */
    long seconds() {
        return switch (unit) {
            case SECONDS -> count;
            case DAYS -> count * DAY_SECONDS;
            case MONTHS -> count * MEAN_MONTH_SECONDS;
        };
    }

    /** Returns the shortest width that is written simply and not shorter than a number of seconds. */
    static String readable(long seconds) {
        if (seconds > DAY_SECONDS) {
            return (seconds + DAY_SECONDS - 1) / DAY_SECONDS + "d";
        }
        if (seconds > 3600) {
            return (seconds + 3599) / 3600 + "h";
        }
        return seconds > 60 ? (seconds + 59) / 60 + "m" : seconds + "s";
    }

    private static MCPToolError invalid(String text) {
        String shown = text.length() <= 50 ? text : text.substring(0, 50) + "…";
        return new MCPToolError(
                TimescaleErrorCode.INVALID_INTERVAL,
                "'" + shown
                        + "' is not a value for interval: write one whole number and s, m, h, d, w, mo, q or y, such as"
                        + " 5m, 1d or 3mo, at most 100 years.",
                Map.of("argument", "interval"));
    }
}
