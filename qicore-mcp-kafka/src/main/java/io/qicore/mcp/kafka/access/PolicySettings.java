package io.qicore.mcp.kafka.access;

import io.qicore.mcp.tool.ClosestName;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The settings of a policy that are given, each checked as it is read. */
final class PolicySettings {

    /** What the names of these settings start with. */
    static final String PREFIX = "KAFKA_TOOLS_";

    static final String READ_ONLY = PREFIX + "READ_ONLY";
    static final String ALLOWED = PREFIX + "ALLOWED";
    static final String TOPICS = PREFIX + "TOPICS";
    static final String GROUPS = PREFIX + "GROUPS";
    static final String CONFIRMATION = PREFIX + "CONFIRMATION";
    static final String SIGNING_KEY = PREFIX + "SIGNING_KEY";
    static final String SIGNING_KEY_FILE = PREFIX + "SIGNING_KEY_FILE";
    static final String LAG_THRESHOLD = PREFIX + "LAG_THRESHOLD";
    static final String LAG_CHECK_SECONDS = PREFIX + "LAG_CHECK_SECONDS";
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

    private final Map<String, String> settings;

    /** @throws IllegalArgumentException if a key starts with {@link #PREFIX} and is unknown */
    PolicySettings(Map<String, String> settings) {
        requireKnown(settings);
        this.settings = settings;
    }

    void flag(String key, Consumer<Boolean> setter) {
        given(key, value -> setter.accept(bool(value)));
    }

    void list(String key, Consumer<String[]> setter) {
        given(key, value -> setter.accept(list(value)));
    }

    void mode(String key, Consumer<ConfirmationMode> setter) {
        given(key, value -> setter.accept(mode(value)));
    }

    void text(String key, Consumer<String> setter) {
        given(key, setter);
    }

    /** The setting names a file; its content is what counts. */
    void content(String key, Consumer<String> setter) {
        given(key, value -> setter.accept(content(value)));
    }

    void number(String key, LongConsumer setter) {
        given(key, value -> setter.accept(number(value)));
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

    private void given(String key, Consumer<String> setter) {
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
            case "when-supported" -> ConfirmationMode.DESTRUCTIVE;
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
