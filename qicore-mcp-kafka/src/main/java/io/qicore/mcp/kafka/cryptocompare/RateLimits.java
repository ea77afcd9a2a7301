package io.qicore.mcp.kafka.cryptocompare;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the rate limits in the headers of responses. {@code X-RateLimit-Remaining-All: 1220397, 1;window=1, 33;window=60} has how many
 * requests are left in the current window of so many seconds, and {@code X-RateLimit-Reset-All} in how many seconds each window ends.
 */
final class RateLimits {

    /** How long to wait if a response does not say it: the windows of the service that are reached first have a minute. */
    static final Duration DEFAULT_WAIT = Duration.ofMinutes(1);

    private static final Duration LONGEST_WAIT = Duration.ofDays(31);
    private static final Pattern WINDOW = Pattern.compile("(\\d{1,12})\\s*;\\s*window=(\\d{1,9})");

    private RateLimits() {}

    /** Returns how long to wait before the next request; zero if the headers do not tell that a limit is reached. */
    static Duration waitAfter(HttpHeaders headers) {
        Map<Long, Long> remaining = windows(headers, "X-RateLimit-Remaining-All");
        Map<Long, Long> resets = windows(headers, "X-RateLimit-Reset-All");
        long seconds = 0;
        for (Map.Entry<Long, Long> window : remaining.entrySet()) {
            if (window.getValue() == 0) {
                seconds = Math.max(seconds, resets.getOrDefault(window.getKey(), window.getKey()));
            }
        }
        return bounded(Duration.ofSeconds(seconds));
    }

    /** Returns how long to wait after a response that refuses a request because of a limit. */
    static Duration waitAfterRefusal(HttpHeaders headers, Instant now) {
        Optional<Duration> told = headers.firstValue("Retry-After").flatMap(text -> retryAfter(text.strip(), now));
        Duration wait = told.orElseGet(() -> waitAfter(headers));
        return wait.isZero() || wait.isNegative() ? DEFAULT_WAIT : bounded(wait);
    }

    private static Optional<Duration> retryAfter(String text, Instant now) {
        try {
            return Optional.of(
                    text.matches("\\d{1,9}")
                            ? Duration.ofSeconds(Long.parseLong(text))
                            : Duration.between(
                                    now,
                                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                            .toInstant()));
        } catch (DateTimeException e) {
            // Neither seconds nor a date: as if it were not there.
            return Optional.empty();
        }
    }

    private static Map<Long, Long> windows(HttpHeaders headers, String name) {
        Map<Long, Long> windows = new HashMap<>();
        for (String value : headers.allValues(name)) {
            Matcher matcher = WINDOW.matcher(value);
            while (matcher.find()) {
                windows.put(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(1)));
            }
        }
        return windows;
    }

    private static Duration bounded(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }
}
