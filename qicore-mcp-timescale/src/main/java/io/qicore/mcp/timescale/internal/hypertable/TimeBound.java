package io.qicore.mcp.timescale.internal.hypertable;

import io.qicore.mcp.timescale.internal.catalog.Hypertable;
import io.qicore.mcp.timescale.internal.sql.Intervals;
import io.qicore.mcp.timescale.internal.sql.Times;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A point in time for one hypertable, as SQL with exactly the type of its time column: the functions of TimescaleDB
 * accept {@code "any"}, but refuse other types.
 *
 * @param sql an expression with one {@code ?}
 * @param argument its value
 */
record TimeBound(String sql, String argument) {

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern ABSOLUTE = Pattern.compile("\\d{4}-\\d.*");

    /**
     * Parses an ISO-8601 time, a date, or an interval before now; for a hypertable by integers, an integer.
     *
     * @param name name of the argument, for the message
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT} or
     *     {@link io.qicore.mcp.timescale.access.TimescaleErrorCode#INVALID_INTERVAL}
     */
    static TimeBound parse(String text, String name, Hypertable hypertable) {
        String type = hypertable.timeType();
        String value = text.strip();
        if (hypertable.isInteger()) {
            return new TimeBound("CAST(CAST(? AS bigint) AS " + type + ")", integer(value, name));
        }
        if (ABSOLUTE.matcher(value).matches() || !value.matches("[0-9].*")) {
            return new TimeBound(
                    "CAST(CAST(? AS timestamptz) AS " + type + ")", String.valueOf(Times.parse(value, name)));
        }
        return new TimeBound(
                "CAST(now() - CAST(? AS interval) AS " + type + ")", Intervals.toSql(Intervals.parse(value, name)));
    }

    /**
     * Parses a length of time: an interval, or for a hypertable by integers, an integer of its type.
     *
     * @throws MCPToolError as {@link #parse}
     */
    static TimeBound age(String text, String name, Hypertable hypertable) {
        return hypertable.isInteger()
                ? new TimeBound("CAST(CAST(? AS bigint) AS " + hypertable.timeType() + ")", integer(text.strip(), name))
                : new TimeBound("CAST(? AS interval)", Intervals.inItsUnit(text, name));
    }

    private static String integer(String text, String name) {
        if (!INTEGER.matcher(text).matches()) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "Time is an integer in this hypertable, so " + name + " must be one, too, not '"
                            + (text.length() <= 50 ? text : text.substring(0, 50) + "…") + "'.",
                    Map.of("argument", name));
        }
        return text;
    }
}
