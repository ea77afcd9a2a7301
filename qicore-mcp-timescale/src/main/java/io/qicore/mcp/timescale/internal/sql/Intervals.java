package io.qicore.mcp.timescale.internal.sql;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads intervals of fixed length, such as {@code 5m} and {@code 1 hour}. */
public final class Intervals {

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,8})\\s*([a-zA-Z]{1,8})");
    private static final Duration LONGEST = Duration.ofDays(366 * 100L);

    private static final Map<Duration, String> UNITS = Map.of(
            Duration.ofSeconds(1), "second",
            Duration.ofMinutes(1), "minute",
            Duration.ofHours(1), "hour",
            Duration.ofDays(1), "day",
            Duration.ofDays(7), "week");

    private static final Pattern UNEVEN = Pattern.compile("\\s*\\d+\\s*(M|(?i:mo|mons?|months?|y|yrs?|years?))\\s*");

    private record Parsed(long count, Duration unit) {}

    private Intervals() {}

    /**
     * Returns the length of an interval: a whole number, and second(s), minute(s), hour(s), day(s), week(s) or an
     * abbreviation. Months and years are refused, because their length varies.
     *
     * @param argument name of the argument, for the message
     * @throws MCPToolError with {@link TimescaleErrorCode#INVALID_INTERVAL} if it is anything else
     */
    public static Duration parse(String text, String argument) {
        Parsed parsed = split(text, argument);
        return parsed.unit().multipliedBy(parsed.count());
    }

    /**
     * Returns the interval in the syntax of PostgreSQL, in the unit that was written, because people read the
     * definition of a policy, too.
     *
     * @throws MCPToolError as {@link #parse}
     */
    public static String inItsUnit(String text, String argument) {
        Parsed parsed = split(text, argument);
        return parsed.count() + " " + UNITS.get(parsed.unit()) + (parsed.count() == 1 ? "" : "s");
    }

    private static Parsed split(String text, String argument) {
        Matcher matcher = TEXT.matcher(text.strip());
        // In market data, M is a month and m a minute.
        if (!matcher.matches() || matcher.group(2).equals("M")) {
            throw invalid(text, argument);
        }
        long count = Long.parseLong(matcher.group(1));
        Duration unit =
                switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                    case "s", "sec", "secs", "second", "seconds" -> Duration.ofSeconds(1);
                    case "m", "min", "mins", "minute", "minutes" -> Duration.ofMinutes(1);
                    case "h", "hr", "hrs", "hour", "hours" -> Duration.ofHours(1);
                    case "d", "day", "days" -> Duration.ofDays(1);
                    case "w", "week", "weeks" -> Duration.ofDays(7);
                    default -> throw invalid(text, argument);
                };
        if (unit.multipliedBy(count).compareTo(LONGEST) > 0) {
            throw invalid(text, argument);
        }
        return new Parsed(count, unit);
    }

    /** Returns the interval in the syntax of PostgreSQL. */
    public static String toSql(Duration interval) {
        return interval.toSeconds() + " seconds";
    }

    private static MCPToolError invalid(String text, String argument) {
        String shown = text.length() <= 50 ? text : text.substring(0, 50) + "…";
        return new MCPToolError(
                TimescaleErrorCode.INVALID_INTERVAL,
                "'" + shown + "' is not a value for " + argument
                        + ": write a whole number and s, m, h, d or w, such as 5m, 1h or '1 day', at most 100 years."
                        + (UNEVEN.matcher(text).matches() ? " Months and years differ in length: use days." : ""),
                Map.of("argument", argument));
    }
}
