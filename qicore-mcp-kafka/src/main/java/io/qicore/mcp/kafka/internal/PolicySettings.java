package io.qicore.mcp.kafka.internal;

import io.qicore.mcp.kafka.ConfirmationMode;
import io.qicore.mcp.kafka.KafkaPolicy;
import io.qicore.mcp.tool.ClosestName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Reads a {@link KafkaPolicy} from settings. */
public final class PolicySettings {

    /** What the names of these settings start with. */
    public static final String PREFIX = "KAFKA_TOOLS_";

    private static final String READ_ONLY = PREFIX + "READ_ONLY";
    private static final String ALLOWED = PREFIX + "ALLOWED";
    private static final String TOPICS = PREFIX + "TOPICS";
    private static final String GROUPS = PREFIX + "GROUPS";
    private static final String CONFIRMATION = PREFIX + "CONFIRMATION";
    private static final String SIGNING_KEY = PREFIX + "SIGNING_KEY";
    private static final String SIGNING_KEY_FILE = PREFIX + "SIGNING_KEY_FILE";
    private static final String LAG_THRESHOLD = PREFIX + "LAG_THRESHOLD";
    private static final String LAG_CHECK_SECONDS = PREFIX + "LAG_CHECK_SECONDS";
    private static final List<String> KEYS = List.of(
            READ_ONLY,
            ALLOWED,
            TOPICS,
            GROUPS,
            CONFIRMATION,
            SIGNING_KEY,
            SIGNING_KEY_FILE,
            LAG_THRESHOLD,
            LAG_CHECK_SECONDS);

    private PolicySettings() {}

    /** What {@link KafkaPolicy#fromSettings} does. */
    public static KafkaPolicy read(Map<String, String> settings) {
        requireKnown(settings);
        KafkaPolicy.Builder builder = KafkaPolicy.builder();
        given(settings, READ_ONLY, value -> builder.readOnly(bool(value)));
        given(settings, ALLOWED, value -> builder.tools(list(value)));
        given(settings, TOPICS, value -> builder.topics(list(value)));
        given(settings, GROUPS, value -> builder.groups(list(value)));
        given(settings, CONFIRMATION, value -> builder.confirmation(mode(value)));
        given(settings, SIGNING_KEY_FILE, value -> builder.signingKey(content(value)));
        given(settings, SIGNING_KEY, builder::signingKey);
        given(settings, LAG_THRESHOLD, value -> builder.lagThreshold(number(value)));
        given(settings, LAG_CHECK_SECONDS, value -> builder.lagCheckInterval(Duration.ofSeconds(number(value))));
        return builder.build();
    }

    private static void requireKnown(Map<String, String> settings) {
        for (String key : settings.keySet()) {
            if (key.startsWith(PREFIX) && !KEYS.contains(key)) {
                throw new IllegalArgumentException("Unknown setting " + key + "."
                        + ClosestName.to(key, KEYS)
                                .map(near -> " Did you mean " + near + "?")
                                .orElse(" Known: " + String.join(", ", KEYS) + "."));
            }
        }
    }

    private static void given(Map<String, String> settings, String key, Consumer<String> setter) {
        String value = settings.get(key);
        if (value == null) {
            return;
        }
        try {
            setter.accept(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    private static boolean bool(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false, not '" + value + "'.");
        };
    }

    private static long number(String value) {
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a whole number, not '" + value + "'.", e);
        }
    }

    private static String[] list(String value) {
        return value.split(",", -1);
    }

    private static ConfirmationMode mode(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "when-supported" -> ConfirmationMode.WHEN_SUPPORTED;
            case "always" -> ConfirmationMode.ALWAYS;
            case "never" -> ConfirmationMode.NEVER;
            default ->
                throw new IllegalArgumentException("must be when-supported, always or never, not '" + value + "'.");
        };
    }

    private static String content(String file) {
        try {
            return Files.readString(Path.of(file.strip()));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("cannot read the file '" + file + "'.", e);
        }
    }
}
