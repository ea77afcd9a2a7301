package io.qicore.mcp.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The settings of one module, and rules for other keys with its prefixes. Unknown keys with a strict prefix are refused.
 * Unknown keys with an open prefix are passed through to a library or ignored; a warning reports those that the library is not
 * known to have. A key that is similar to the key of a {@linkplain Setting#protecting protecting} setting is always
 * refused. Immutable and thread-safe.
 */
public final class SettingsTable {

    /** A table without settings and prefixes. */
    public static final SettingsTable EMPTY = builder().build();

    private final Map<String, Setting<?>> settings;
    private final Set<String> strictPrefixes;
    private final Set<String> openPrefixes;
    private final Set<String> passThroughPrefixes;
    private final Predicate<String> passThrough;

    private SettingsTable(
            Map<String, Setting<?>> settings,
            Set<String> strictPrefixes,
            Set<String> openPrefixes,
            Set<String> passThroughPrefixes,
            Predicate<String> passThrough) {
        this.settings = new LinkedHashMap<>(settings);
        this.strictPrefixes = Set.copyOf(strictPrefixes);
        this.openPrefixes = Set.copyOf(openPrefixes);
        this.passThroughPrefixes = Set.copyOf(passThroughPrefixes);
        this.passThrough = passThrough;
    }

    /** Returns a builder of an empty table. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the settings, in the order of the reference page. */
    public List<Setting<?>> settings() {
        return List.copyOf(settings.values());
    }

    /**
     * Returns a table with the settings and rules of both tables. A setting that both have, such as one that two servers of
     * a module share, is contained once.
     *
     * @throws IllegalArgumentException if the tables have different settings with the same key
     */
    public SettingsTable and(SettingsTable other) {
        Builder both = builder();
        both.add(settings());
        both.add(other.settings());
        both.strictPrefixes.addAll(strictPrefixes);
        both.strictPrefixes.addAll(other.strictPrefixes);
        both.openPrefixes.addAll(openPrefixes);
        both.openPrefixes.addAll(other.openPrefixes);
        both.passThroughPrefixes.addAll(passThroughPrefixes);
        both.passThroughPrefixes.addAll(other.passThroughPrefixes);
        both.passThrough = passThrough.or(other.passThrough);
        return both.build();
    }

    /**
     * Reads the settings. Empty values count as not set.
     *
     * @param environment values by names of environment variables; may contain variables that are not settings
     * @throws SettingsException if values are wrong or keys are refused; it lists all of them
     */
    public Settings read(Map<String, String> environment) {
        Objects.requireNonNull(environment, "environment");
        return readBeside(Map.of(), environment);
    }

    /** Reads the settings as {@link #read} does, but accepts the keys of other tables, which are given by name of the server. */
    Settings readBeside(Map<String, SettingsTable> others, Map<String, String> environment) {
        Map<String, SettingsTable> tables = new TreeMap<>(others);
        tables.put("", this);
        List<String> problems = new ArrayList<>();
        new KeyCheck(tables)
                .findings(environment).stream()
                        .filter(finding -> finding.servers().contains(""))
                        .forEach(finding -> problems.add(finding.message()));
        return read(environment, problems);
    }

    /** Reads the values without checking the keys, for callers that have checked them against all servers. */
    Settings readValues(Map<String, String> environment) {
        return read(environment, new ArrayList<>());
    }

    private Settings read(Map<String, String> environment, List<String> problems) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Setting<?> setting : settings.values()) {
            try {
                value(setting, environment).ifPresent(text -> values.put(setting.key(), setting.parse(text)));
                if (setting.isRequired() && !values.containsKey(setting.key())) {
                    problems.add(setting.key() + " is not set.");
                }
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        Map<String, String> passed = new TreeMap<>();
        environment.forEach((key, value) -> {
            if ((passesThrough(key) && !ForeignVariables.ofService(key, value))
                    || (passesUnknown(key) && !ForeignVariables.isKnown(key, value))) {
                passed.put(key, value);
            }
        });
        return new Settings(this, values, passed);
    }

    /** Returns whether a key is that of a setting, or that key with {@code _FILE} for a setting that a file can hold. */
    boolean knows(String key) {
        if (settings.containsKey(key)) {
            return true;
        }
        return key.endsWith("_FILE")
                && Optional.ofNullable(settings.get(key.substring(0, key.length() - 5)))
                        .filter(Setting::isFromFile)
                        .isPresent();
    }

    boolean isStrict(String key) {
        return strictPrefixes.stream().anyMatch(key::startsWith);
    }

    boolean isOpen(String key) {
        return openPrefixes.stream().anyMatch(key::startsWith);
    }

    boolean passesThrough(String key) {
        return !knows(key) && !isStrict(key) && passThrough.test(key);
    }

    /** Returns whether a key is passed to a library that is not known to have such a property. */
    boolean passesUnknown(String key) {
        return !knows(key)
                && !isStrict(key)
                && passThroughPrefixes.stream()
                        // The settings of the server itself begin with <NAME>_MCP_.
                        .anyMatch(prefix -> key.startsWith(prefix) && !key.startsWith(prefix + "MCP_"));
    }

    /** Returns all keys that may be set, including those with {@code _FILE}. */
    Stream<String> keys() {
        return settings.values().stream()
                .flatMap(s -> s.isFromFile() ? Stream.of(s.key(), s.key() + "_FILE") : Stream.of(s.key()));
    }

    private static Optional<String> value(Setting<?> setting, Map<String, String> environment) {
        String key = setting.key();
        String value = environment.get(key);
        String file = setting.isFromFile() ? environment.getOrDefault(key + "_FILE", "") : "";
        if (value != null && value.isBlank() && setting.isProtecting()) {
            throw new IllegalArgumentException(key + " is empty. Remove it or give it a value.");
        }
        boolean given = value != null && !value.isBlank();
        if (given && !file.isBlank()) {
            throw new IllegalArgumentException(key + " and " + key + "_FILE are both set. Set one of them.");
        }
        if (!file.isBlank()) {
            return Optional.of(fromFile(key + "_FILE", file.strip()));
        }
        if (given && key.endsWith("_PORT") && ForeignVariables.isServiceUrl(value)) {
            throw new IllegalArgumentException(key + " is '" + value + "', which Kubernetes sets for a service of that"
                    + " name. Rename the service, set enableServiceLinks: false in the pod, or set " + key + " there.");
        }
        return given ? Optional.of(value) : Optional.empty();
    }

    private static String fromFile(String key, String file) {
        try {
            String text = Files.readString(Path.of(file));
            String trimmed = text.replaceFirst("\\r?\\n\\z", "");
            if (trimmed.isBlank()) {
                throw new IllegalArgumentException(key + " names an empty file: '" + file + "'.");
            }
            return trimmed;
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(key + " cannot be read: '" + file + "'.", e);
        }
    }

    /** Builds a table. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Setting<?>> settings = new LinkedHashMap<>();
        private final Set<String> strictPrefixes = new LinkedHashSet<>();
        private final Set<String> openPrefixes = new LinkedHashSet<>();
        private final Set<String> passThroughPrefixes = new LinkedHashSet<>();
        private Predicate<String> passThrough = key -> false;

        private Builder() {}

        /**
         * Adds settings.
         *
         * @throws IllegalArgumentException if the table has another setting with the same key
         */
        public Builder add(List<? extends Setting<?>> more) {
            for (Setting<?> setting : more) {
                Setting<?> other = settings.putIfAbsent(setting.key(), setting);
                if (other != null && other != setting) {
                    throw new IllegalArgumentException("Two settings have the key " + setting.key() + ".");
                }
            }
            return this;
        }

        /** Adds settings, as {@link #add(List)} does. */
        public Builder add(Setting<?>... more) {
            return add(List.of(more));
        }

        /** Refuses unknown keys with this prefix, such as {@code KAFKA_TOOLS_}. */
        public Builder strictPrefix(String prefix) {
            Objects.requireNonNull(prefix, "prefix");
            strictPrefixes.add(prefix);
            return this;
        }

        /** Warns of unknown keys with this prefix, such as {@code KAFKA_}. */
        public Builder openPrefix(String prefix) {
            Objects.requireNonNull(prefix, "prefix");
            openPrefixes.add(prefix);
            return this;
        }

        /**
         * Passes unknown keys with this prefix, such as {@code KAFKA_}, to a library, because a plug-in of the library may
         * have properties that the library does not know; see {@link Settings#passedThrough()}. Warns of those that do not
         * satisfy the condition of {@link #passThrough}. Variables that Kubernetes sets for services and variables of
         * scripts, such as {@code KAFKA_OPTS}, are neither passed nor reported.
         */
        public Builder passThroughPrefix(String prefix) {
            Objects.requireNonNull(prefix, "prefix");
            passThroughPrefixes.add(prefix);
            return openPrefix(prefix);
        }

        /**
         * Passes unknown keys that satisfy the condition to a library, without a warning; see
         * {@link Settings#passedThrough()}.
         */
        public Builder passThrough(Predicate<String> condition) {
            Objects.requireNonNull(condition, "condition");
            passThrough = condition;
            return this;
        }

        /** Returns the table. */
        public SettingsTable build() {
            return new SettingsTable(settings, strictPrefixes, openPrefixes, passThroughPrefixes, passThrough);
        }
    }
}
