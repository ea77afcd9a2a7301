package io.qicore.mcp.host;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One setting: its key, type, default, checks and documentation. Immutable and thread-safe; each modifier returns a new
 * setting.
 *
 * <pre>{@code
 * static final Setting<Boolean> READ_ONLY = Setting.bool("KAFKA_TOOLS_READ_ONLY")
 *         .orElse(false)
 *         .protecting()
 *         .describedAs("Offers only tools that change nothing.");
 * }</pre>
 *
 * @param <T> the type of the value
 */
public final class Setting<T> {

    /** What a setting is, apart from how it is parsed. */
    private record Traits(
            boolean secret,
            boolean fromFile,
            boolean protecting,
            boolean required,
            String documentation,
            List<String> mistakes,
            List<String> tolerated) {

        static final Traits NONE = new Traits(false, false, false, false, "", List.of(), List.of());
    }

    private final String key;
    private final String type;
    private final Function<String, T> parser;
    private final @Nullable T byDefault;
    private final Traits traits;

    private Setting(String key, String type, Function<String, T> parser, @Nullable T byDefault, Traits traits) {
        this.key = key;
        this.type = type;
        this.parser = parser;
        this.byDefault = byDefault;
        this.traits = traits;
    }

    /**
     * A setting of any type.
     *
     * @param key name of the environment variable: upper-case letters, digits and {@code _}
     * @param type the type, for the reference page
     * @param parser throws {@link IllegalArgumentException} with a message such as "must be a URL"
     * @throws IllegalArgumentException if the key is not the name of an environment variable
     */
    public static <T> Setting<T> of(String key, String type, Function<String, T> parser) {
        if (!key.matches("[A-Z][A-Z0-9_]*")) {
            throw new IllegalArgumentException("'" + key + "' is not the name of a setting.");
        }
        return new Setting<>(key, type, parser, null, Traits.NONE);
    }

    /** {@code true} or {@code false}, in any case. */
    public static Setting<Boolean> bool(String key) {
        return of(key, "`true` or `false`", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        });
    }

    /** A whole number within bounds, both included. */
    public static Setting<Integer> integer(String key, int min, int max) {
        return of(key, "number from " + min + " to " + max, text -> {
            try {
                int number = Integer.parseInt(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // The message below says what is wanted, whatever is wrong.
            }
            throw new IllegalArgumentException("must be a number from " + min + " to " + max);
        });
    }

    /** Text, without the space around it. */
    public static Setting<String> text(String key) {
        return of(key, "text", Function.identity());
    }

    /** A constant of an enum, in any case. */
    public static <E extends Enum<E>> Setting<E> choice(String key, Class<E> constants) {
        List<E> all = List.of(constants.getEnumConstants());
        String names = all.stream().map(Setting::shown).collect(Collectors.joining(", "));
        String type = all.stream().map(constant -> "`" + shown(constant) + "`").collect(Collectors.joining(", "));
        return of(key, type, text -> all.stream()
                .filter(constant -> constant.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of " + names)));
    }

    /** Texts with commas between them; space around each is dropped, and empty ones are. */
    public static Setting<List<String>> list(String key) {
        return of(key, "list, with commas", text -> Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList());
    }

    /** A positive duration: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h} or ISO-8601, such as {@code PT10S}. */
    public static Setting<Duration> duration(String key) {
        return of(key, "duration: `500ms`, `10s`, `2m`, `1h` or `PT10S`", DurationText::parse);
    }

    /** The path of a file or directory, which need not exist. */
    public static Setting<Path> path(String key) {
        // InvalidPathException is an IllegalArgumentException, but says more than the requirement.
        return of(key, "path", text -> {
            if (text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("must be a path");
            }
            return Path.of(text);
        });
    }

    /** The same with a default. */
    public Setting<T> orElse(T value) {
        return new Setting<>(key, type, parser, Objects.requireNonNull(value), traits);
    }

    /** The same, documented. */
    public Setting<T> describedAs(String documentation) {
        return with(new Traits(
                traits.secret,
                traits.fromFile,
                traits.protecting,
                traits.required,
                documentation,
                traits.mistakes,
                traits.tolerated));
    }

    /** The same with another check; {@code requirement} completes the sentence "KEY must …". */
    public Setting<T> checked(Predicate<? super T> check, String requirement) {
        return new Setting<>(
                key,
                type,
                text -> {
                    T value = parser.apply(text);
                    if (!check.test(value)) {
                        throw new IllegalArgumentException("must " + requirement);
                    }
                    return value;
                },
                byDefault,
                traits);
    }

    /** The same, but it must be set. */
    public Setting<T> required() {
        return with(new Traits(
                traits.secret,
                traits.fromFile,
                traits.protecting,
                true,
                traits.documentation,
                traits.mistakes,
                traits.tolerated));
    }

    /** The same as a secret: never shown, and read from the file that {@code KEY_FILE} names if that is set instead. */
    public Setting<T> secret() {
        return with(new Traits(
                true,
                true,
                traits.protecting,
                traits.required,
                traits.documentation,
                traits.mistakes,
                traits.tolerated));
    }

    /**
     * The same as a setting without which a server would be more open. Keys that are nearly the same are refused, also
     * where unknown keys are allowed, and so is an empty value.
     *
     * @param mistakes other keys that people take for this one; those, and what is nearly the same, are refused too
     */
    public Setting<T> protecting(String... mistakes) {
        return with(new Traits(
                traits.secret,
                traits.fromFile,
                true,
                traits.required,
                traits.documentation,
                List.of(mistakes),
                traits.tolerated));
    }

    /**
     * Returns this setting with exceptions to the refusal of similar keys: variables that applications commonly have for
     * themselves, such as {@code KAFKA_TOPIC}, also with a number at the end, such as {@code KAFKA_TOPIC_1}. A server
     * starts although they are set; they are treated as any other key that is not a setting.
     *
     * @param keys keys that are similar to this one and are not refused
     */
    public Setting<T> tolerating(String... keys) {
        return with(new Traits(
                traits.secret,
                traits.fromFile,
                traits.protecting,
                traits.required,
                traits.documentation,
                traits.mistakes,
                List.of(keys)));
    }

    private Setting<T> with(Traits newTraits) {
        return new Setting<>(key, type, parser, byDefault, newTraits);
    }

    /** The name of the environment variable. */
    public String key() {
        return key;
    }

    /** The type of the value in Markdown, for readers. */
    public String type() {
        return type;
    }

    /** The value if none is set. */
    public Optional<T> byDefault() {
        return Optional.ofNullable(byDefault);
    }

    /** What the setting means; empty if nobody has said it. */
    public String documentation() {
        return traits.documentation;
    }

    /** Whether its value is never shown. */
    public boolean isSecret() {
        return traits.secret;
    }

    /** Whether the value may stand in a file, which {@code KEY_FILE} names. */
    public boolean isFromFile() {
        return traits.fromFile;
    }

    /** Whether a server is more open without it. */
    public boolean isProtecting() {
        return traits.protecting;
    }

    /** Whether it must be set. */
    public boolean isRequired() {
        return traits.required;
    }

    /**
     * Returns whether a key was probably meant for this setting and must not be ignored, because the setting is
     * {@linkplain #protecting protecting} and its key, or a known mistake for it, is nearly the same.
     */
    boolean refuses(String otherKey) {
        return traits.protecting
                && !tolerates(otherKey)
                && Stream.concat(Stream.of(key), traits.mistakes.stream())
                        .anyMatch(refused -> NearMiss.is(otherKey, refused));
    }

    private boolean tolerates(String otherKey) {
        return traits.tolerated.contains(otherKey.replaceFirst("_?[0-9]+$", ""));
    }

    /**
     * The value of a text.
     *
     * @throws IllegalArgumentException if the text is wrong; the message names the key, and the text unless it is secret
     */
    T parse(String text) {
        try {
            return parser.apply(text.strip());
        } catch (IllegalArgumentException e) {
            if (traits.secret) {
                // The cause could quote the secret.
                throw new IllegalArgumentException(key + " is not valid: " + type + " is expected.");
            }
            throw new IllegalArgumentException(key + " " + e.getMessage() + ", not '" + text + "'.", e);
        }
    }

    /** A value as a reader would write it. */
    static String shown(Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        if (value instanceof Duration duration) {
            return DurationText.shown(duration);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return value.toString();
    }

    @Override
    public String toString() {
        return key;
    }
}
