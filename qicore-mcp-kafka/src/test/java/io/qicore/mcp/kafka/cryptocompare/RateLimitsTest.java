package io.qicore.mcp.kafka.cryptocompare;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void nothingLeftInAWindow_waitsForItsReset() {
        assertThat(RateLimits.waitAfter(headers(
                        "X-RateLimit-Remaining-All",
                        "1220397, 1;window=1, 0;window=60, 0;window=3600, 38673;window=86400",
                        "X-RateLimit-Reset-All",
                        "100, 1;window=1, 30;window=60, 2000;window=3600, 80000;window=86400")))
                .isEqualTo(Duration.ofSeconds(2000));
        assertThat(RateLimits.waitAfter(headers("X-RateLimit-Remaining-All", "5, 0;window=60")))
                .as("without the reset, the whole window")
                .isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void requestsLeft_andHeadersThatCannotBeRead_doNotWait() {
        for (String value : List.of(
                "5, 1;window=60",
                "",
                "0",
                "x;window=60",
                "0;window=",
                "-1;window=5",
                "99999999999999999999;window=1")) {
            assertThat(RateLimits.waitAfter(headers("X-RateLimit-Remaining-All", value)))
                    .as(value)
                    .isZero();
        }
        assertThat(RateLimits.waitAfter(headers("X-RateLimit-Remaining-All", "0;window=999999999")))
                .isEqualTo(Duration.ofDays(31));
    }

    @Test
    void refusals_waitAsRetryAfterSays_otherwiseAsTheWindowsSay_otherwiseAMinute() {
        assertThat(refused("Retry-After", "7")).isEqualTo(Duration.ofSeconds(7));
        assertThat(refused("Retry-After", "Sun, 22 Nov 2026 10:00:20 GMT")).isEqualTo(Duration.ofSeconds(20));
        assertThat(refused("X-RateLimit-Remaining-All", "0;window=5")).isEqualTo(Duration.ofSeconds(5));
        for (String wrong : List.of("0", "-5", "soon", "Sun, 22 Nov 2020 10:00:20 GMT", "99999999999")) {
            assertThat(refused("Retry-After", wrong)).as(wrong).isEqualTo(Duration.ofMinutes(1));
        }
    }

    private static Duration refused(String... header) {
        return RateLimits.waitAfterRefusal(headers(header), NOW);
    }

    private static HttpHeaders headers(String... namesAndValues) {
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        return HttpHeaders.of(headers, (name, value) -> true);
    }
}
