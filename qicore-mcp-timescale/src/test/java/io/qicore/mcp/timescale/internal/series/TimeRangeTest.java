package io.qicore.mcp.timescale.internal.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimeRangeTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:30:00Z");

    @Test
    void ends_areTimesDatesOrAges() {
        assertThat(TimeRange.parse("2026-01-01", "2026-01-01T12:00:00+01:00", NOW))
                .isEqualTo(new TimeRange(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-01T11:00:00Z")));
        assertThat(TimeRange.parse("24h", null, NOW).from()).isEqualTo(Instant.parse("2026-01-01T00:30:00Z"));
        assertThatThrownBy(() -> TimeRange.parse("2026-01-02", "2026-01-01", NOW))
                .hasMessageContaining("is not before");
        assertThatThrownBy(() -> TimeRange.parse("yesterday", null, NOW)).isInstanceOf(MCPToolError.class);
    }

    @Test
    void buckets_areThoseTouched_alignedToTheOrigin() {
        Duration hour = Duration.ofHours(1);
        assertThat(TimeRange.parse("2026-01-01T00:30:00Z", "2026-01-01T02:30:00Z", NOW)
                        .buckets(hour, NOW))
                .isEqualTo(3);
        assertThat(TimeRange.parse("2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z", NOW)
                        .buckets(hour, NOW))
                .isEqualTo(2);
        assertThat(TimeRange.parse(null, null, NOW).buckets(hour, NOW)).isZero();
        assertThat(TimeRange.start(TimeRange.index(NOW, Duration.ofDays(7)), Duration.ofDays(7)))
                .isEqualTo(Instant.parse("2025-12-29T00:00:00Z"));
        assertThat(TimeRange.start(TimeRange.index(Instant.parse("1999-12-31T23:59:59.5Z"), hour), hour))
                .isEqualTo(Instant.parse("1999-12-31T23:00:00Z"));
    }

    @Test
    void tooManyBuckets_areRefusedWithARangeAndAnIntervalThatWouldDo() {
        TimeRange range = TimeRange.parse("2025-12-02T00:30:00Z", null, NOW);
        assertThatThrownBy(() -> range.requireAtMost(1000, 2, Duration.ofMinutes(1), NOW))
                .isInstanceOfSatisfying(MCPToolError.class, e -> {
                    assertThat(e.is(TimescaleErrorCode.TOO_MANY_BUCKETS)).isTrue();
                    assertThat(e)
                            .hasMessageContaining("interval of at least 2h")
                            .hasMessageContaining("Nothing was run");
                    Instant later = Instant.parse(String.valueOf(e.context().get("from")));
                    assertThatCode(() -> new TimeRange(later, NOW).requireAtMost(1000, 2, Duration.ofMinutes(1), NOW))
                            .doesNotThrowAnyException();
                });
        assertThatCode(() -> range.requireAtMost(1000, 2, Duration.ofHours(2), NOW))
                .doesNotThrowAnyException();
    }
}
