package io.qicore.mcp.kafka.marketdata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.kafka.internal.argument.TimeArgument;
import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.tool.MCPToolError;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the settings in the {@code config} of a producer. If a value is wrong, a getter throws an {@link MCPToolError} with
 * the code {@link KafkaErrorCode#INVALID_PRODUCER_CONFIG}, which names the setting and its valid values. A setting that is
 * {@code null} counts as absent, because models often send that.
 *
 * <p>Immutable and thread-safe.
 */
public final class SourceSettings {

    private static final int MAX_TEXT = 1_000;
    private static final int MAX_ITEMS = 1_000;
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private final ObjectNode config;

    /** Creates settings from a JSON object, which is copied. */
    public SourceSettings(ObjectNode config) {
        this.config = config.deepCopy();
    }

    /** Returns whether the setting is present. */
    public boolean has(String name) {
        return config.hasNonNull(name);
    }

    /** Returns a text, which must not be blank and may have at most 1000 characters; empty if absent. */
    public Optional<String> text(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        return Optional.of(asText(name, config.get(name)));
    }

    /** Returns a list of 1 to 1000 texts, in their order and without duplicates; the default if absent. */
    public List<String> texts(String name, List<String> defaults) {
        if (!has(name)) {
            return List.copyOf(defaults);
        }
        JsonNode list = config.get(name);
        if (!list.isArray() || list.isEmpty() || list.size() > MAX_ITEMS) {
            throw invalid(name, "must be a list of 1 to " + MAX_ITEMS + " texts");
        }
        LinkedHashSet<String> texts = new LinkedHashSet<>();
        list.forEach(item -> texts.add(asText(name, item)));
        return List.copyOf(texts);
    }

    /** Returns a finite number within bounds, which are included; the default if absent. */
    public double number(String name, double defaultValue, double minimum, double maximum) {
        return has(name) ? asNumber(name, config.get(name), minimum, maximum) : defaultValue;
    }

    /** Returns a whole number within bounds, which are included; empty if absent. */
    public Optional<Long> integer(String name, long minimum, long maximum) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = config.get(name);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < minimum
                || value.longValue() > maximum) {
            throw invalid(name, "must be a whole number from " + minimum + " to " + maximum);
        }
        return Optional.of(value.longValue());
    }

    /** Returns numbers by name, each within bounds, which are included; an empty map if absent. */
    public Map<String, Double> numbers(String name, double minimum, double maximum) {
        if (!has(name)) {
            return Map.of();
        }
        if (!(config.get(name) instanceof ObjectNode object) || object.size() > MAX_ITEMS) {
            throw invalid(name, "must be an object of at most " + MAX_ITEMS + " numbers by name");
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> numbers.put(
                        entry.getKey(), asNumber(name + "." + entry.getKey(), entry.getValue(), minimum, maximum)));
        return numbers;
    }

    /**
     * Returns a duration within bounds, which are included; the default if absent. It is written as {@code 500ms},
     * {@code 30s}, {@code 1m}, {@code 4h}, {@code 1d}, or in ISO-8601 as {@code PT1M}.
     */
    public Duration duration(String name, Duration defaultValue, Duration minimum, Duration maximum) {
        Duration duration = text(name).map(text -> asDuration(name, text)).orElse(defaultValue);
        if (duration.compareTo(minimum) < 0 || duration.compareTo(maximum) > 0) {
            throw invalid(name, "must be from " + minimum + " to " + maximum);
        }
        return duration;
    }

    /** Returns a time, written in ISO-8601 with an offset, such as {@code 2026-11-22T10:00:00Z}; empty if absent. */
    public Optional<Instant> time(String name) {
        return text(name).map(text -> {
            try {
                return TimeArgument.parse(text);
            } catch (DateTimeException e) {
                throw invalid(name, "must be a time such as 2026-11-22T10:00:00Z");
            }
        });
    }

    /**
     * Returns if all settings are known.
     *
     * @throws MCPToolError if one is not; the error lists the known settings and suggests the most similar one
     */
    public void requireOnly(Collection<String> known) {
        List<String> unknown = new ArrayList<>();
        config.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                unknown.add(name);
            }
        });
        if (!unknown.isEmpty()) {
            String name = unknown.get(0);
            throw unknown("setting", name, known);
        }
    }

    /**
     * Returns the error for a setting whose value is wrong.
     *
     * @param reason completes the sentence that begins with the name of the setting, such as "must be a number"
     */
    public static MCPToolError invalid(String name, String reason) {
        return new MCPToolError(
                KafkaErrorCode.INVALID_PRODUCER_CONFIG, "'" + name + "' " + reason + ".", Map.of("setting", name));
    }

    /**
     * Returns the error for an unknown name.
     *
     * @param what what the name stands for, such as "producer type"
     * @param known the valid names, which the error lists
     */
    public static MCPToolError unknown(String what, String name, Collection<String> known) {
        String hint = ClosestName.to(name, known)
                .map(near -> " Did you mean '" + near + "'?")
                .orElse("");
        return new MCPToolError(
                KafkaErrorCode.INVALID_PRODUCER_CONFIG,
                "Unknown " + what + " '" + name + "'. Known: " + String.join(", ", known) + "." + hint,
                Map.of("name", name, "known", List.copyOf(known)));
    }

    private static String asText(String name, JsonNode value) {
        if (!value.isTextual()
                || value.textValue().isBlank()
                || value.textValue().length() > MAX_TEXT) {
            throw invalid(name, "must be text of 1 to " + MAX_TEXT + " characters");
        }
        return value.textValue().trim();
    }

    private static double asNumber(String name, JsonNode value, double minimum, double maximum) {
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        // Negated, because every comparison with NaN is false.
        if (!(number >= minimum && number <= maximum)) {
            throw invalid(name, "must be a number from " + minimum + " to " + maximum);
        }
        return number;
    }

    private static Duration asDuration(String name, String text) {
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
            throw invalid(name, "must be a duration such as 30s, 1m, 4h or 1d");
        }
    }
}
