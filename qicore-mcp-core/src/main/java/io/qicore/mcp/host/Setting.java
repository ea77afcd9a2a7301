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
import java.util.regex.Pattern;
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

    /** The properties of a setting that do not depend on the type of its value. */
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

    /** What follows the name of the server in a key. */
    private static final Pattern AFTER_SERVER = Pattern.compile("_(MCP|TOOLS)_.*|_(?!.*_(MCP|TOOLS)_).*");

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
     * Returns a setting of any type.
     *
     * @param key name of the environment variable: upper-case letters, digits and {@code _}
     * @param type description of the type in Markdown, for the reference page
     * @param parser parses a value; throws {@link IllegalArgumentException} with a message such as "must be a URL"
     * @throws IllegalArgumentException if the key is not the name of an environment variable
     */
    public static <T> Setting<T> of(String key, String type, Function<String, T> parser) {
        Objects.requireNonNull(parser, "parser");
        Objects.requireNonNull(type, "type");
        if (!key.matches("[A-Z][A-Z0-9_]*")) {
            throw new IllegalArgumentException("'" + key + "' is not the name of a setting.");
        }
        return new Setting<>(key, type, parser, null, Traits.NONE);
    }

    /** Returns a setting whose value is {@code true} or {@code false}, in upper or lower case. */
    public static Setting<Boolean> bool(String key) {
        return of(key, "`true` or `false`", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        });
    }

    /** Returns a setting whose value is a whole number from {@code min} to {@code max}, both included. */
    public static Setting<Integer> integer(String key, int min, int max) {
        return of(key, "number from " + min + " to " + max, text -> {
            try {
                int number = Integer.parseInt(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // The message below is the same for every wrong value.
            }
            throw new IllegalArgumentException("must be a number from " + min + " to " + max);
        });
    }

    /** Returns a setting whose value is any text; white space around it is removed. */
    public static Setting<String> text(String key) {
        return of(key, "text", Function.identity());
    }

    /** Returns a setting whose value is a constant of an enum, in upper or lower case. */
    public static <E extends Enum<E>> Setting<E> choice(String key, Class<E> constants) {
        Objects.requireNonNull(key, "key");
        List<E> all = List.of(constants.getEnumConstants());
        String names = all.stream().map(Setting::shown).collect(Collectors.joining(", "));
        String type = all.stream().map(constant -> "`" + shown(constant) + "`").collect(Collectors.joining(", "));
        return of(key, type, text -> all.stream()
                .filter(constant -> constant.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of " + names)));
    }

    /** Returns a setting whose value is a list with commas between the items; white space and empty items are removed. */
    public static Setting<List<String>> list(String key) {
        return of(key, "list, with commas", text -> Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList());
    }

    /**
     * Returns a setting whose value is a positive duration: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h} or ISO-8601, such as
     * {@code PT10S}.
     */
    public static Setting<Duration> duration(String key) {
        return of(key, "duration: `500ms`, `10s`, `2m`, `1h` or `PT10S`", DurationText::parse);
    }

    /** Returns a setting whose value is the path of a file or directory, which need not exist. */
    public static Setting<Path> path(String key) {
        // Checked here because the message of an InvalidPathException does not complete the sentence "KEY must …".
        return of(key, "path", text -> {
            if (text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("must be a path");
            }
            return Path.of(text);
        });
    }

    /** Returns this setting with a default value. */
    public Setting<T> orElse(T value) {
        return new Setting<>(key, type, parser, Objects.requireNonNull(value, "value"), traits);
    }

    /** Returns this setting with a description for readers of the reference page, in Markdown. */
    public Setting<T> describedAs(String documentation) {
        Objects.requireNonNull(documentation, "documentation");
        return with(new Traits(
                traits.secret,
                traits.fromFile,
                traits.protecting,
                traits.required,
                documentation,
                traits.mistakes,
                traits.tolerated));
    }

    /** Returns this setting with one more check; {@code requirement} completes the sentence "KEY must …". */
    public Setting<T> checked(Predicate<? super T> check, String requirement) {
        Objects.requireNonNull(requirement, "requirement");
        Objects.requireNonNull(check, "check");
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

    /** Returns this setting as required: reading the settings fails if it is not set. */
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

    /** Returns this setting as a secret: it is never shown, and it can be read from the file that {@code KEY_FILE} names. */
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
     * Returns this setting as protecting: without it, a server would allow more. An empty value is refused. So are similar
     * keys, also where other unknown keys are allowed, because they are probably misspellings.
     *
     * @param mistakes other keys that users mistake for this one; they and similar keys are refused, too
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

    /** Returns the name of the environment variable. */
    public String key() {
        return key;
    }

    /** Returns the description of the type in Markdown. */
    public String type() {
        return type;
    }

    /** Returns the default value, if there is one. */
    public Optional<T> byDefault() {
        return Optional.ofNullable(byDefault);
    }

    /** Returns the description of the setting in Markdown; empty if it has none. */
    public String documentation() {
        return traits.documentation;
    }

    /** Returns whether the value is secret and never shown. */
    public boolean isSecret() {
        return traits.secret;
    }

    /** Returns whether the value can be read from the file that {@code KEY_FILE} names. */
    public boolean isFromFile() {
        return traits.fromFile;
    }

    /** Returns whether a server would allow more without this setting. */
    public boolean isProtecting() {
        return traits.protecting;
    }

    /** Returns whether the setting must be set. */
    public boolean isRequired() {
        return traits.required;
    }

    /**
     * Returns whether a key was probably meant for this setting and must not be ignored, because the setting is
     * {@linkplain #protecting protecting} and its key, or a known mistake for it, is nearly the same, or is the same but for the
     * name of the server, as {@code MCP_AUTH_TYPE}.
     */
    boolean refuses(String otherKey) {
        return traits.protecting
                && (isNear(otherKey)
                        || (lacksServer(otherKey)
                                && isNear(AFTER_SERVER.matcher(key).replaceFirst("_") + otherKey)));
    }

    private static boolean lacksServer(String otherKey) {
        String upper = otherKey.toUpperCase(Locale.ROOT);
        return upper.startsWith("MCP_") || upper.startsWith("TOOLS_");
    }

    private boolean isNear(String otherKey) {
        return !tolerates(otherKey)
                && Stream.concat(Stream.of(key), traits.mistakes.stream())
                        .anyMatch(refused -> NearMiss.is(otherKey, refused));
    }

    private boolean tolerates(String otherKey) {
        return traits.tolerated.contains(otherKey.replaceFirst("_?[0-9]+$", ""));
    }

    /**
     * Parses a value.
     *
     * @throws IllegalArgumentException if the value is wrong; the message contains the key, and the value unless it is secret
     */
    T parse(String text) {
        try {
            return parser.apply(text.strip());
        } catch (IllegalArgumentException e) {
            if (traits.secret) {
                // The message of the cause may contain the secret.
                throw new IllegalArgumentException(key + " is not valid: " + type + " is expected.");
            }
            throw new IllegalArgumentException(key + " " + e.getMessage() + ", not '" + text + "'.", e);
        }
    }

    /** Returns a value in the form in which it is set. */
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
