package io.qicore.mcp.timescale.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalsTest {

    @ParameterizedTest
    @CsvSource({
        "1m, PT1M",
        "5m, PT5M",
        "1h, PT1H",
        "1 hour, PT1H",
        "' 90 Seconds', PT90S",
        "1d, PT24H",
        "2 weeks, PT336H"
    })
    void numberAndUnit_isAnInterval(String text, Duration expected) {
        assertThat(Intervals.parse(text, "interval")).isEqualTo(expected);
        assertThat(Intervals.toSql(expected)).isEqualTo(expected.toSeconds() + " seconds");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "m",
                "0m",
                "-1m",
                "1.5h",
                "1 month",
                "1y",
                "1h; DROP TABLE t",
                "1h 30m",
                "1''",
                "P1D",
                "1000000000m",
                "99999999w"
            })
    void anythingElse_isRefused(String text) {
        assertThat(catchThrowableOfType(MCPToolError.class, () -> Intervals.parse(text, "interval")))
                .matches(e -> e.is(TimescaleErrorCode.INVALID_INTERVAL))
                .hasMessageContaining("5m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1M", "1 month", "3mo", "2 Years", "1y"})
    void monthsAndYears_areRefused_withWhy(String text) {
        assertThat(catchThrowableOfType(MCPToolError.class, () -> Intervals.parse(text, "interval")))
                .matches(e -> e.is(TimescaleErrorCode.INVALID_INTERVAL))
                .hasMessageContaining("use days");
    }

    @Test
    void unitsOfPolicies_areKept() {
        assertThat(Intervals.inItsUnit("30d", "after")).isEqualTo("30 days");
        assertThat(Intervals.inItsUnit("1 Hour", "after")).isEqualTo("1 hour");
        assertThat(catchThrowableOfType(MCPToolError.class, () -> Intervals.inItsUnit("1 month", "after")))
                .matches(e -> e.is(TimescaleErrorCode.INVALID_INTERVAL));
    }
}
