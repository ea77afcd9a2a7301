package io.qicore.mcp.timescale.internal.series;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.sql.TimeText;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Buckets of time in a time zone. Their starts are
 *
 * <ul>
 *   <li>of days and weeks, midnights counted from Monday, 2000-01-03;
 *   <li>of months, quarters and years, midnights of first days counted from January 2000;
 *   <li>of a length that divides a day, the local times that are a multiple of it since midnight. When clocks go back, a
 *       local time that comes twice starts a bucket twice; when they go forward, the skipped one starts at the change;
 *   <li>of any other length, counted from midnight of 2000-01-03.
 * </ul>
 *
 * <p>So buckets never overlap, and leave no time out. In UTC they are those of {@code time_bucket}.
 */
final class TimeBuckets implements Buckets {

    private static final LocalDate FIRST_MONDAY = LocalDate.of(2000, 1, 3);
    private static final LocalDate FIRST_MONTH = LocalDate.of(2000, 1, 1);
    private static final int DAY_SECONDS = 86_400;
    private static final String ORIGIN = "CAST('2000-01-03 00:00:00+00' AS pg_catalog.timestamptz)";

    private final BucketWidth width;
    private final ZoneId zone;
    private final long[] starts;

    private TimeBuckets(BucketWidth width, ZoneId zone, long[] starts) {
        this.width = width;
        this.zone = zone;
        this.starts = starts;
    }

    /**
     * Returns the buckets that a range touches.
     *
     * @param most how many may be computed
     * @throws MCPToolError with {@link TimescaleErrorCode#TOO_MANY_BUCKETS} that says which interval or start is possible
     */
    static TimeBuckets of(BucketWidth width, ZoneId zone, Instant from, Instant end, int most) {
        long estimate = (end.getEpochSecond() - from.getEpochSecond()) / width.seconds();
        // Changes of clocks add few buckets. A range that is far too long is not enumerated.
        long[] starts = estimate > 2L * most ? new long[0] : starts(width, zone, from, end);
        if (estimate > 2L * most || starts.length > most) {
            throw tooMany(width, zone, from, end, most, 1, Math.max(estimate, starts.length), " Nothing was run.");
        }
        return new TimeBuckets(width, zone, starts);
    }

    /** Returns buckets without bounds, which must be {@linkplain #isComputedByServer computed by the server}. */
    static TimeBuckets unbounded(BucketWidth width, ZoneId zone) {
        return new TimeBuckets(width, zone, new long[0]);
    }

    /** Returns whether the server can compute the bucket of a row from its time alone: each has the same length. */
    static boolean isComputedByServer(BucketWidth width, ZoneId zone) {
        return zone.equals(ZoneOffset.UTC) && width.unit() != BucketWidth.Unit.MONTHS;
    }

    /** Returns the start from which a range has at most so many buckets. */
    static Instant latestStart(BucketWidth width, ZoneId zone, Instant end, int most) {
        if (most == 1) {
            return last(width, zone, end);
        }
        long back = width.seconds() * (most - 1) + width.seconds() / 2;
        long[] starts = starts(width, zone, end.minusSeconds(back), end);
        return Instant.ofEpochSecond(starts[Math.max(0, starts.length - most)]);
    }

    private static Instant last(BucketWidth width, ZoneId zone, Instant end) {
        long[] starts = starts(width, zone, end.minusNanos(1), end);
        return Instant.ofEpochSecond(starts[starts.length - 1]);
    }

    /**
     * Returns the error for a range with too many buckets.
     *
     * @param series how many series have buckets of their own
     * @param buckets how many buckets each of them has
     * @param last the end of the message
     */
    static MCPToolError tooMany(
            BucketWidth width,
            ZoneId zone,
            Instant from,
            Instant end,
            int most,
            long series,
            long buckets,
            String last) {
        int allowed = (int) Math.max(1, most / Math.max(1, series));
        // A range that begins within a bucket touches one bucket more.
        long whole = Math.max(1, allowed - 1);
        long seconds = end.getEpochSecond() - from.getEpochSecond();
        Instant later = latestStart(width, zone, end, allowed);
        return new MCPToolError(
                TimescaleErrorCode.TOO_MANY_BUCKETS,
                "The range holds " + buckets + " buckets" + (series > 1 ? " for each of " + series + " series" : "")
                        + "; at most " + most + " are computed at once. Use an interval of at least "
                        + BucketWidth.readable((seconds + whole - 1) / whole) + ", or from " + later
                        + (series > 1 ? ", or fewer series" : "") + "." + last,
                Map.of("buckets", buckets, "series", series, "most", most, "from", later.toString()));
    }

    @Override
    public String expression(SeriesTable table, String placeholder) {
        // Times without a zone are in UTC, like the session.
        String instant = table.kind().value(table.time().sqlName());
        if (!isComputedByServer(width, zone)) {
            return "pg_catalog.width_bucket(" + instant + ", CAST(" + placeholder + " AS pg_catalog.timestamptz[]))";
        }
        String interval = "CAST('" + width.seconds() + " seconds' AS pg_catalog.interval)";
        return table.timescale()
                .map(extension -> extension.function("time_bucket") + "(" + interval + ", " + instant + ")")
                .orElse("pg_catalog.date_bin(" + interval + ", " + instant + ", " + ORIGIN + ")");
    }

    @Override
    public String code(String bucket) {
        return isComputedByServer(width, zone)
                ? "CAST(pg_catalog.date_part('epoch', " + bucket + ") AS pg_catalog.int8)"
                : "CAST(" + bucket + " AS pg_catalog.int8)";
    }

    @Override
    public @Nullable String argument() {
        return isComputedByServer(width, zone)
                ? null
                : Arrays.stream(starts)
                        .mapToObj(start -> '"' + TimeText.of(Instant.ofEpochSecond(start), ZoneOffset.UTC) + '"')
                        .collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public String start(long code) {
        long seconds = isComputedByServer(width, zone) ? code : starts[(int) code - 1];
        return TimeText.of(Instant.ofEpochSecond(seconds), zone);
    }

    @Override
    public int count() {
        return starts.length;
    }

    @Override
    public int index(long code) {
        return isComputedByServer(width, zone) ? Arrays.binarySearch(starts, code) : (int) code - 1;
    }

    @Override
    public long codeAt(int index) {
        return isComputedByServer(width, zone) ? starts[index] : index + 1;
    }

    @Override
    public double position(int index) {
        return starts[index];
    }

    /** Returns the starts of all buckets that a range touches, in seconds since 1970. */
    private static long[] starts(BucketWidth width, ZoneId zone, Instant from, Instant end) {
        TreeSet<Long> starts = new TreeSet<>();
        LocalDate day = from.atZone(zone).toLocalDate();
        long last = end.minusNanos(1).getEpochSecond();
        switch (width.unit()) {
            case MONTHS -> {
                long month = Math.floorDiv(months(day) - months(FIRST_MONTH), width.count()) * width.count();
                for (; add(starts, midnight(FIRST_MONTH.plusMonths(month), zone), last); month += width.count()) {}
            }
            case DAYS -> {
                long number =
                        Math.floorDiv(day.toEpochDay() - FIRST_MONDAY.toEpochDay(), width.count()) * width.count();
                for (; add(starts, midnight(FIRST_MONDAY.plusDays(number), zone), last); number += width.count()) {}
            }
            case SECONDS -> {
                if (zone.getRules().isFixedOffset() || DAY_SECONDS % width.count() != 0) {
                    long origin = midnight(FIRST_MONDAY, zone);
                    long start = origin + Math.floorDiv(from.getEpochSecond() - origin, width.count()) * width.count();
                    for (; add(starts, start, last); start += width.count()) {}
                } else {
                    for (; addDay(starts, width.count(), day, zone, last); day = day.plusDays(1)) {}
                }
            }
        }
        Long first = starts.floor(from.getEpochSecond());
        return (first == null ? starts : starts.tailSet(first))
                .stream().mapToLong(Long::longValue).toArray();
    }

    private static boolean add(TreeSet<Long> starts, long start, long last) {
        if (start > last) {
            return false;
        }
        starts.add(start);
        return true;
    }

    /** Adds the starts of a day. Returns false if the day begins after the end. */
    private static boolean addDay(TreeSet<Long> starts, long seconds, LocalDate day, ZoneId zone, long last) {
        ZoneRules rules = zone.getRules();
        if (midnight(day, zone) > last) {
            return false;
        }
        for (long second = 0; second < DAY_SECONDS; second += seconds) {
            LocalDateTime label = day.atTime(LocalTime.ofSecondOfDay(second));
            List<ZoneOffset> offsets = rules.getValidOffsets(label);
            if (offsets.isEmpty()) {
                ZoneOffsetTransition gap = rules.getTransition(label);
                add(starts, gap.getInstant().getEpochSecond(), last);
            }
            for (ZoneOffset offset : offsets) {
                add(starts, label.toEpochSecond(offset), last);
            }
        }
        return true;
    }

    private static long midnight(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toEpochSecond();
    }

    private static long months(LocalDate day) {
        return day.getYear() * 12L + day.getMonthValue() - 1;
    }
}
