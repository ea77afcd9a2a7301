package io.qicore.mcp.timescale.internal.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.tool.MCPToolError;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeRangeTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:30:00Z");

    @Test
    void ends_areTimesDatesOrAges() {
        assertThat(TimeRange.parse("2026-01-01", "2026-01-01T12:00:00+01:00", NOW, ZoneOffset.UTC))
                .isEqualTo(new TimeRange(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-01T11:00:00Z")));
        assertThat(TimeRange.parse("24h", null, NOW, ZoneOffset.UTC).from())
                .isEqualTo(Instant.parse("2026-01-01T00:30:00Z"));
        assertThatThrownBy(() -> TimeRange.parse("2026-01-02", "2026-01-01", NOW, ZoneOffset.UTC))
                .hasMessageContaining("is not before");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-29, Europe/Berlin, 2026-03-28T23:00:00Z",
        "2026-03-29T02:30, Europe/Berlin, 2026-03-29T01:30:00Z",
        "2026-10-25T02:30, Europe/Berlin, 2026-10-25T00:30:00Z",
        "2026-07-01T00:00:00, Asia/Kathmandu, 2026-06-30T18:15:00Z",
        "2026-07-01T00:00:00Z, Asia/Kathmandu, 2026-07-01T00:00:00Z",
        "2026-07-01T00:00-03:30, Europe/Berlin, 2026-07-01T03:30:00Z",
        "2024-02-29, America/St_Johns, 2024-02-29T03:30:00Z",
        "-0044-03-15, UTC, -0044-03-15T00:00:00Z"
    })
    void timeWithoutOffset_isLocal(String text, String zone, String expected) {
        assertThat(TimeRange.point(text, "from", NOW, ZoneId.of(zone))).isEqualTo(Instant.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "",
                " ",
                "2026-02-30",
                "2025-02-29",
                "2026-01-31 12:00",
                "31.01.2026",
                "+999999999-01-01",
                "+294276-12-31",
                "-9999-01-01",
                "1M",
                "0h"
            })
    void anythingElse_isRefused(String text) {
        assertThatThrownBy(() -> TimeRange.point(text, "from", NOW, ZoneOffset.UTC))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("for from");
    }

    @Test
    void distantTimes_areWrittenAsPostgresReadsThem() {
        assertThat(new TimeRange(Instant.parse("-0043-03-15T00:00:00Z"), Instant.parse("+12000-01-01T00:00:00.5Z")))
                .satisfies(range -> {
                    assertThat(range.fromSql()).isEqualTo("0044-03-15T00:00:00Z BC");
                    assertThat(range.toSql()).isEqualTo("12000-01-01T00:00:00.5Z");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "europe/berlin, Europe/Berlin",
        "Berlin, Europe/Berlin",
        "Europe/Berln, Europe/Berlin",
        "new york, America/New_York",
        "Asia/Katmandoo, Asia/Katmandu"
    })
    void zoneThatDoesNotExist_isRefusedWithANearName(String name, String near) {
        assertThatThrownBy(() -> TimeRange.zone(name))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("'" + near + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+02:00", "", "Mars/Olympus_Mons", "UTC+1", "'; DROP TABLE x"})
    void textThatIsNoZone_isRefused(String name) {
        assertThatThrownBy(() -> TimeRange.zone(name)).hasMessageContaining("is not an IANA time zone");
    }

    @Test
    void utc_hasManyNames() {
        for (String name : new String[] {null, "UTC", "Etc/UTC", "GMT", "Etc/GMT+0", " UTC "}) {
            assertThat(TimeRange.zone(name)).isEqualTo(ZoneOffset.UTC);
        }
    }
}
