package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.connect.Session;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The range and the interval of a call, read as the time column of its table needs them.
 *
 * @param from start, inclusive, as PostgreSQL reads it; null for none
 * @param to end, exclusive; null for none
 */
record SeriesRange(@Nullable String from, @Nullable String to) {

    /** What the agent wrote. */
    record Text(
            String interval,
            @Nullable String from,
            @Nullable String to,
            ZoneId zone,
            Instant now) {}

    /**
     * A range with its buckets.
     *
     * @param shortened whether older buckets had to be left out
     */
    record Bucketed(SeriesRange range, Buckets buckets, boolean shortened) {}

    /**
     * Returns a range that has a start, with all buckets that it touches. The default of its end is now, or the largest
     * integer.
     *
     * @throws MCPToolError with {@link TimescaleErrorCode#TOO_MANY_BUCKETS}
     */
    static Bucketed bounded(SeriesTable table, Text text, int most, Session session) throws SQLException {
        if (table.kind() == TimeKind.INTEGER) {
            long width = width(text.interval());
            long from = number(text.from(), "from");
            long to = text.to() != null ? number(text.to(), "to") : end(table, session, from);
            return new Bucketed(
                    new SeriesRange(Long.toString(from), Long.toString(to)),
                    IntegerBuckets.of(width, from, to, most),
                    false);
        }
        ZoneId zone = zone(table, text.zone());
        BucketWidth width = BucketWidth.parse(text.interval());
        String to = text.to() == null ? text.now().toString() : text.to();
        TimeRange range = TimeRange.parse(text.from(), to, text.now(), zone);
        return new Bucketed(
                new SeriesRange(range.fromSql(), range.toSql()),
                TimeBuckets.of(width, zone, range.from(), range.to(), most),
                false);
    }

    /**
     * Returns a range whose ends may be open. If the buckets must be computed before, the range is that of the rows, and
     * has the newest buckets only if there are too many.
     *
     * @param most buckets of the range if it has a start
     */
    static Bucketed open(SeriesTable table, Text text, int most, Session session) throws SQLException {
        if (table.kind() == TimeKind.INTEGER) {
            long width = width(text.interval());
            Long from = integer(text.from(), "from");
            Long to = integer(text.to(), "to");
            if (from != null && to != null) {
                IntegerBuckets.of(width, from, to, most);
            }
            return new Bucketed(
                    new SeriesRange(from == null ? null : from.toString(), to == null ? null : to.toString()),
                    IntegerBuckets.unbounded(width),
                    false);
        }
        ZoneId zone = zone(table, text.zone());
        BucketWidth width = BucketWidth.parse(text.interval());
        TimeRange range = TimeRange.parse(text.from(), text.to(), text.now(), zone);
        Instant from = range.from();
        Instant to = range.to();
        if (from != null) {
            Instant end = to != null ? to : text.now().isAfter(from) ? text.now() : from.plusSeconds(1);
            TimeBuckets.of(width, zone, from, end, most);
        }
        if (TimeBuckets.isComputedByServer(width, zone)) {
            return new Bucketed(
                    new SeriesRange(range.fromSql(), range.toSql()), TimeBuckets.unbounded(width, zone), false);
        }
        TimeRange rows = rows(table, range, session);
        Instant first = rows.from();
        Instant end = rows.to();
        if (first == null || end == null) {
            return new Bucketed(
                    new SeriesRange(range.fromSql(), range.toSql()),
                    TimeBuckets.of(width, zone, text.now(), text.now().plusSeconds(1), 1),
                    false);
        }
        Instant earliest = TimeBuckets.latestStart(width, zone, end, most);
        boolean shortened = first.isBefore(earliest);
        Instant start = shortened ? earliest : first;
        TimeRange used = new TimeRange(start, end);
        return new Bucketed(
                new SeriesRange(used.fromSql(), used.toSql()),
                TimeBuckets.of(width, zone, start, end, most),
                shortened);
    }

    /** Returns the zone of the call, or UTC for dates, whose days are not those of a zone. */
    static ZoneId zone(SeriesTable table, ZoneId zone) {
        return table.kind() == TimeKind.DATE ? ZoneOffset.UTC : zone;
    }

    /**
     * Parses an integer of the time column. Null stays null.
     *
     * @throws MCPToolError with {@link StandardErrorCode#INVALID_ARGUMENT}
     */
    static @Nullable Long integer(@Nullable String text, String argument) {
        if (text == null) {
            return null;
        }
        return number(text, argument);
    }

    private static long number(@Nullable String text, String argument) {
        String shown = String.valueOf(text).strip();
        try {
            return Long.parseLong(shown);
        } catch (NumberFormatException e) {
            throw new MCPToolError(
                    StandardErrorCode.INVALID_ARGUMENT,
                    "'" + (shown.length() <= 50 ? shown : shown.substring(0, 50) + "…") + "' is not a value for "
                            + argument + ": the time column is an integer, so write a whole number in its unit.",
                    Map.of("argument", argument),
                    e);
        }
    }

    private static long width(String interval) {
        long width = number(interval, "interval");
        if (width < 1 || width > Long.MAX_VALUE / 4) {
            throw new MCPToolError(
                    TimescaleErrorCode.INVALID_INTERVAL,
                    "'" + interval + "' is not a value for interval: the time column is an integer, so write a positive"
                            + " whole number in its unit.",
                    Map.of("argument", "interval"));
        }
        return width;
    }

    /** Returns the integer after the largest one, or after a start without later rows. */
    private static long end(SeriesTable table, Session session, long from) throws SQLException {
        String time = table.time().sqlName();
        long largest = session.list(
                        "SELECT CAST(pg_catalog.max(" + time + ") AS pg_catalog.int8) FROM "
                                + table.table().sqlName() + " WHERE " + time + " >= CAST(? AS pg_catalog.int8)",
                        row -> row.getObject(1, Long.class) == null ? from : row.getLong(1),
                        Long.toString(from))
                .get(0);
        return largest == Long.MAX_VALUE ? largest : largest + 1;
    }

    /** Returns the range that the rows of a range have, without ends if there are none. */
    private static TimeRange rows(SeriesTable table, TimeRange range, Session session) throws SQLException {
        String time = table.time().sqlName();
        String instant = "CAST(%s(" + time + ") AS pg_catalog.timestamptz)";
        return session.list(
                        "SELECT pg_catalog.date_part('epoch', " + instant.formatted("pg_catalog.min")
                                + "), pg_catalog.date_part('epoch', " + instant.formatted("pg_catalog.max") + ") FROM "
                                + table.table().sqlName() + " WHERE "
                                + table.kind().present(time) + " AND "
                                + time + " >= CAST(? AS pg_catalog.timestamptz) AND " + time
                                + " < CAST(? AS pg_catalog.timestamptz)",
                        SeriesRange::rows,
                        range.from() == null ? "-infinity" : range.fromSql(),
                        range.to() == null ? "infinity" : range.toSql())
                .get(0);
    }

    private static TimeRange rows(ResultSet row) throws SQLException {
        double first = row.getDouble(1);
        return row.wasNull()
                ? new TimeRange(null, null)
                : new TimeRange(
                        Instant.ofEpochSecond((long) Math.floor(first)),
                        Instant.ofEpochSecond((long) Math.floor(row.getDouble(2)) + 1));
    }
}
