package io.qicore.mcp.timescale.internal.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeBucketsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Clocks go forward: a day of 23 hours.
                "1d | Europe/Berlin | 2026-03-28T12:00:00Z | 2026-03-30T12:00:00Z | 2026-03-28T00:00:00+01:00"
                        + " 2026-03-29T00:00:00+01:00 2026-03-30T00:00:00+02:00",
                "1h | Europe/Berlin | 2026-03-29T00:00:00Z | 2026-03-29T02:00:00Z | 2026-03-29T01:00:00+01:00"
                        + " 2026-03-29T03:00:00+02:00",
                "6h | Europe/Berlin | 2026-03-28T23:00:00Z | 2026-03-29T12:00:00Z | 2026-03-29T00:00:00+01:00"
                        + " 2026-03-29T06:00:00+02:00 2026-03-29T12:00:00+02:00",
                // Clocks go back: an hour that comes twice.
                "1h | America/New_York | 2026-11-01T05:00:00Z | 2026-11-01T08:00:00Z | 2026-11-01T01:00:00-04:00"
                        + " 2026-11-01T01:00:00-05:00 2026-11-01T02:00:00-05:00",
                "90m | America/New_York | 2026-11-01T04:00:00Z | 2026-11-01T08:30:00Z | 2026-11-01T00:00:00-04:00"
                        + " 2026-11-01T01:30:00-04:00 2026-11-01T01:30:00-05:00 2026-11-01T03:00:00-05:00",
                // By half an hour.
                "1h | Australia/Lord_Howe | 2026-04-04T14:00:00Z | 2026-04-04T17:00:00Z | 2026-04-05T01:00:00+11:00"
                        + " 2026-04-05T02:00:00+10:30 2026-04-05T03:00:00+10:30",
                "1h | Asia/Kathmandu | 2026-01-01T00:00:00Z | 2026-01-01T01:00:00Z | 2026-01-01T05:00:00+05:45"
                        + " 2026-01-01T06:00:00+05:45",
                // A day that does not exist.
                "1d | Pacific/Apia | 2011-12-29T12:00:00Z | 2011-12-31T12:00:00Z | 2011-12-29T00:00:00-10:00"
                        + " 2011-12-31T00:00:00+14:00 2012-01-01T00:00:00+14:00",
                // A midnight that does not exist.
                "1d | America/Sao_Paulo | 2018-11-04T02:00:00Z | 2018-11-05T02:00:00Z | 2018-11-03T00:00:00-03:00"
                        + " 2018-11-04T01:00:00-02:00",
                // Ramadan.
                "1mo | Africa/Casablanca | 2026-02-15T12:00:00Z | 2026-03-15T12:00:00Z | 2026-02-01T00:00:00+01:00"
                        + " 2026-03-01T00:00:00Z",
                "1q | Europe/Berlin | 2026-02-15T12:00:00Z | 2026-07-01T00:00:00Z | 2026-01-01T00:00:00+01:00"
                        + " 2026-04-01T00:00:00+02:00 2026-07-01T00:00:00+02:00",
                "1y | UTC | 1999-06-01T00:00:00Z | 2001-01-01T00:00:00Z | 1999-01-01T00:00:00Z 2000-01-01T00:00:00Z",
                "5mo | UTC | 1999-12-01T00:00:00Z | 2000-07-01T00:00:00Z | 1999-08-01T00:00:00Z 2000-01-01T00:00:00Z"
                        + " 2000-06-01T00:00:00Z",
                "1w | America/St_Johns | 2026-01-04T12:00:00Z | 2026-01-05T12:00:00Z | 2025-12-29T00:00:00-03:30"
                        + " 2026-01-05T00:00:00-03:30",
                "2d | UTC | 1999-12-31T00:00:00Z | 2000-01-04T00:00:00Z | 1999-12-30T00:00:00Z 2000-01-01T00:00:00Z"
                        + " 2000-01-03T00:00:00Z",
                "1mo | UTC | 2024-02-29T23:59:59Z | 2024-03-01T00:00:00Z | 2024-02-01T00:00:00Z",
                "100y | UTC | -0043-03-15T00:00:00Z | -0043-03-16T00:00:00Z | 0101-01-01T00:00:00Z BC"
            })
    void starts_areLocal(String width, String zone, String from, String end, String expected) {
        TimeBuckets buckets = buckets(width, zone, from, end, 1000);
        List<String> starts = new ArrayList<>();
        for (int i = 0; i < buckets.count(); i++) {
            starts.add(buckets.start(buckets.codeAt(i)));
            assertThat(buckets.index(buckets.codeAt(i))).isEqualTo(i);
        }
        assertThat(String.join(" ", starts)).isEqualTo(expected);
    }

    /** Whatever the zone, buckets follow each other, cover the range, and none is longer than its length and an hour. */
    @Test
    void buckets_coverEveryRangeInEveryZone() {
        Random random = new Random(7);
        List<String> zones = new ArrayList<>(ZoneId.getAvailableZoneIds());
        String[] widths = {"15m", "1h", "90m", "2h", "6h", "7h", "1d", "3d", "1w", "1mo", "1q", "1y"};
        for (int i = 0; i < 3000; i++) {
            String zone = zones.get(random.nextInt(zones.size()));
            BucketWidth width = BucketWidth.parse(widths[random.nextInt(widths.length)]);
            // From 1920 to 2040.
            Instant from = Instant.ofEpochSecond(random.nextLong(-1_577_000_000L, 2_208_000_000L));
            Instant end = from.plusSeconds(1 + random.nextLong(width.seconds() * 20));
            TimeBuckets buckets = TimeBuckets.of(width, TimeRange.zone(zone), from, end, 1000);
            String what = width + " " + zone + " " + from + " " + end;
            assertThat(buckets.count()).as(what).isPositive();
            assertThat(buckets.position(0)).as(what).isLessThanOrEqualTo(from.getEpochSecond());
            for (int b = 1; b < buckets.count(); b++) {
                double length = buckets.position(b) - buckets.position(b - 1);
                // Samoa and Kwajalein have skipped a day.
                assertThat(length).as(what).isPositive().isLessThan(width.seconds() * 1.05 + 90_000);
            }
            double last = buckets.position(buckets.count() - 1);
            assertThat(last).as(what).isLessThan(end.getEpochSecond() + 1.0);
            assertThat(end.getEpochSecond() - last).as(what).isLessThan(width.seconds() * 1.05 + 90_000);
        }
    }

    @Test
    void tooManyBuckets_areRefusedWithARangeAndAnIntervalThatWouldDo() {
        for (String zone : List.of("UTC", "America/New_York", "Australia/Lord_Howe")) {
            for (String width : List.of("1m", "1h", "1d", "1mo")) {
                BucketWidth bucket = BucketWidth.parse(width);
                Instant end = Instant.parse("2026-11-20T00:30:00Z");
                Instant from = end.minusSeconds(bucket.seconds() * 1500);
                assertThatThrownBy(() -> TimeBuckets.of(bucket, TimeRange.zone(zone), from, end, 1000))
                        .isInstanceOfSatisfying(MCPToolError.class, e -> {
                            assertThat(e.is(TimescaleErrorCode.TOO_MANY_BUCKETS))
                                    .isTrue();
                            assertThat(e).hasMessageContaining("Use an interval of at least");
                            Instant later =
                                    Instant.parse(String.valueOf(e.context().get("from")));
                            assertThatCode(() -> TimeBuckets.of(bucket, TimeRange.zone(zone), later, end, 1000))
                                    .as(zone + " " + width)
                                    .doesNotThrowAnyException();
                        });
            }
        }
        assertThatThrownBy(() -> buckets("1s", "UTC", "0001-01-01T00:00:00Z", "+294275-01-01T00:00:00Z", 1000))
                .hasMessageContaining("buckets; at most 1000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0d",
                "-1h",
                "",
                "1",
                "h",
                "1.5h",
                "1 month 1 day",
                "1 month+1 day",
                "P1M",
                "101y",
                "1200 months 1",
                "999999999y"
            })
    void widthThatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> BucketWidth.parse(text))
                .isInstanceOfSatisfying(MCPToolError.class, e -> assertThat(e.is(TimescaleErrorCode.INVALID_INTERVAL))
                        .isTrue());
    }

    @Test
    void months_areNotMinutes() {
        assertThat(BucketWidth.parse("1M")).isEqualTo(BucketWidth.parse("1 Month"));
        assertThat(BucketWidth.parse("1m").seconds()).isEqualTo(60);
        assertThat(BucketWidth.parse("2 quarters")).isEqualTo(BucketWidth.parse("6mo"));
    }

    @Test
    void integers_areBucketsOfTheirOwnUnit() {
        IntegerBuckets buckets = IntegerBuckets.of(10, -15, 15, 1000);
        assertThat(buckets.first()).isEqualTo(-20);
        assertThat(buckets.count()).isEqualTo(4);
        assertThat(buckets.codeAt(buckets.index(-10))).isEqualTo(-10);
        assertThat(IntegerBuckets.of(10, 5, 5, 1).count()).isZero();
        assertThatThrownBy(() -> IntegerBuckets.of(1, Long.MIN_VALUE, Long.MAX_VALUE, 1000))
                .hasMessageContaining("at most 1000");
        assertThatThrownBy(() -> IntegerBuckets.of(1, 0, 2000, 1000)).hasMessageContaining("from 1000");
    }

    private static TimeBuckets buckets(String width, String zone, String from, String end, int most) {
        return TimeBuckets.of(
                BucketWidth.parse(width),
                zone.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(zone),
                Instant.parse(from),
                Instant.parse(end),
                most);
    }
}
