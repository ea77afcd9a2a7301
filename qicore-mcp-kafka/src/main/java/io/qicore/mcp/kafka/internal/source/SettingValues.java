package io.qicore.mcp.kafka.internal.source;

import io.qicore.mcp.kafka.internal.argument.TimeArgument;
import io.qicore.mcp.kafka.source.SourceErrors;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads values of settings whose form a JSON Schema does not describe. The errors name the setting. */
final class SettingValues {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    // Others can neither be counted in milliseconds nor are they meant.
    private static final Instant FIRST_TIME = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END_OF_TIMES = Instant.parse("+10000-01-01T00:00:00Z");

    private SettingValues() {}

    /** Returns a duration within bounds, which are included: {@code 500ms}, {@code 30s}, {@code 1m}, {@code 4h}, {@code 1d} or ISO-8601. */
    static Duration duration(String name, String text, Duration minimum, Duration maximum) {
        Duration duration = duration(name, text.strip());
        if (duration.compareTo(minimum) < 0 || duration.compareTo(maximum) > 0) {
            throw SourceErrors.invalid(name, "must be from " + minimum + " to " + maximum);
        }
        return duration;
    }

    private static Duration duration(String name, String text) {
        Matcher matcher = DURATION.matcher(text);
        try {
            if (!matcher.matches()) {
                return Duration.parse(text);
            }
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        } catch (DateTimeException e) {
            throw SourceErrors.invalid(name, "must be a duration such as 30s, 1m, 4h or 1d");
        }
    }

    static Instant time(String name, String text) {
        Instant time;
        try {
            time = TimeArgument.parse(text);
        } catch (DateTimeException e) {
            throw SourceErrors.invalid(name, "must be " + TimeArgument.EXAMPLE);
        }
        if (time.isBefore(FIRST_TIME) || !time.isBefore(END_OF_TIMES)) {
            throw SourceErrors.invalid(name, "must be in a year from 1 to 9999");
        }
        return time;
    }

    /** Returns the texts without spaces around them and without duplicates. */
    static List<String> names(String name, List<String> texts) {
        LinkedHashSet<String> names = new LinkedHashSet<>();
        for (String text : texts) {
            if (text.isBlank()) {
                throw SourceErrors.invalid(name, "must not contain a blank text");
            }
            names.add(text.strip());
        }
        return List.copyOf(names);
    }
}
