package io.qicore.mcp.kafka.internal.argument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeArgumentTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22T09:00:00Z",
                "2026-11-22T09:00Z",
                "2026-11-22T09:00:00.000Z",
                "2026-11-22T09:00:00,000Z",
                "2026-11-22t09:00:00z",
                "2026-11-22 09:00:00Z",
                "2026-11-22 09:00:00 UTC",
                "2026-11-22 09:00 gmt",
                " 2026-11-22T11:00:00+02:00 ",
                "2026-11-22T11:00:00+0200",
                "2026-11-22T11:00:00+02",
                "2026-11-22 11:00:00 +0200",
                "2026-11-22T04:30:00-0430",
                "2026-11-22T10:00:00+01:00[Europe/Berlin]"
            })
    void clearTime_isRead(String text) {
        assertThat(TimeArgument.parse(text)).isEqualTo(Instant.parse("2026-11-22T09:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-11-22",
                "2026-11-22T09:00:00",
                "2026-11-22Z",
                "2026-11-22T09:00:00+2",
                "2026-11-22T09:00:00+99:00",
                "2026-02-30T09:00:00Z",
                "2026-11-22T25:00:00Z",
                "22.11.2026 09:00:00Z",
                "1764150000000"
            })
    void unclearTime_isRefused(String text) {
        assertThatThrownBy(() -> TimeArgument.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
