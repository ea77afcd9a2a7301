package io.qicore.mcp.timescale.access;

import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What agents may do to a database through a server of this module.
 *
 * <pre>{@code
 * var policy = TimescalePolicy.builder()
 *         .readOnly(true)
 *         .tools("query", "list_*", "describe_*")
 *         .build();
 * var server = new TimescaleMCPServer(dataSource, TimescaleOptions.builder().policy(policy).build());
 * }</pre>
 *
 * <p>The allow-list of tools takes exact names and patterns, in which {@code *} stands for any characters and {@code ?}
 * for one. Which schemas and tables agents may read and change is decided by the privileges of the database user; the
 * policy does not replace them.
 *
 * <p>Immutable and thread-safe.
 */
public final class TimescalePolicy {

    private static final TimescalePolicy DEFAULTS = builder().build();

    private final boolean readOnly;
    private final NamePatterns tools;
    private final ConfirmationMode confirmation;
    private final Optional<NamePatterns> trustedObjects;
    private final Optional<NamePatterns> readableSettings;

    private TimescalePolicy(Builder builder) {
        this.readOnly = builder.readOnly;
        this.tools = builder.tools;
        this.confirmation = builder.confirmation;
        this.trustedObjects = builder.trustedObjects;
        this.readableSettings = builder.readableSettings;
    }

    /**
     * Returns the default policy, which allows every tool and confirms changes that are
     * {@linkplain ConfirmationMode#DESTRUCTIVE destructive}.
     */
    public static TimescalePolicy defaults() {
        return DEFAULTS;
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the policy that the settings describe. */
    static TimescalePolicy from(Settings settings) {
        Builder builder = builder()
                .readOnly(settings.get(TimescaleSettings.READ_ONLY))
                .confirmation(settings.get(TimescaleSettings.CONFIRMATION));
        settings.find(TimescaleSettings.ALLOWED).ifPresent(names -> builder.tools(names.toArray(String[]::new)));
        settings.find(TimescaleSettings.TRUSTED_OBJECTS)
                .ifPresent(names -> builder.trustedObjects(names.toArray(String[]::new)));
        settings.find(TimescaleSettings.READABLE_SETTINGS)
                .ifPresent(names -> builder.readableSettings(names.toArray(String[]::new)));
        return builder.build();
    }

    /** Returns a builder that starts from this policy. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.readOnly = readOnly;
        builder.tools = tools;
        builder.confirmation = confirmation;
        builder.trustedObjects = trustedObjects;
        builder.readableSettings = readableSettings;
        return builder;
    }

    /** Returns whether only tools that change nothing are offered. */
    public boolean readOnly() {
        return readOnly;
    }

    /** Returns whether the list of tools allows a tool. Read-only mode is not considered. */
    public boolean allowsTool(String name) {
        return tools.match(name);
    }

    /** Returns the names and patterns of the allowed tools; {@code *} allows all. */
    public List<String> tools() {
        return tools.patterns();
    }

    /** Returns which changes need the user's agreement. */
    public ConfirmationMode confirmation() {
        return confirmation;
    }

    /** Returns whether the policy trusts any objects. */
    public boolean trustsObjects() {
        return trustedObjects.isPresent();
    }

    /** Returns whether statements may use a function or relation without examination, by its name {@code schema.name}. */
    public boolean trusts(String object) {
        return trustedObjects.isPresent() && trustedObjects.get().match(object);
    }

    /** Returns whether statements may read a setting that could hold a secret, by its name in lower case. */
    public boolean allowsSetting(String name) {
        return readableSettings.isPresent() && readableSettings.get().match(name);
    }

    @Override
    public String toString() {
        return "TimescalePolicy[" + (readOnly ? "read-only, " : "") + "tools " + tools + ", confirmation "
                + confirmation + "]";
    }

    /** Builds a {@link TimescalePolicy}. Each setter validates at once. Not thread-safe. */
    public static final class Builder {

        private boolean readOnly;
        private NamePatterns tools = NamePatterns.ALL;
        private ConfirmationMode confirmation = ConfirmationMode.DESTRUCTIVE;
        private Optional<NamePatterns> trustedObjects = Optional.empty();
        private Optional<NamePatterns> readableSettings = Optional.empty();

        private Builder() {}

        /** Sets whether to offer only tools that change nothing. Default: {@code false}. */
        public Builder readOnly(boolean readOnly) {
            this.readOnly = readOnly;
            return this;
        }

        /**
         * Sets the tools to offer, by name or pattern. Default: all.
         *
         * @throws IllegalArgumentException if the list is empty or one of the patterns is blank
         */
        public Builder tools(String... patterns) {
            this.tools = NamePatterns.of("tools", List.of(patterns));
            return this;
        }

        /** Sets which changes need the user's agreement. Default: {@link ConfirmationMode#DESTRUCTIVE}. */
        public Builder confirmation(ConfirmationMode confirmation) {
            this.confirmation = Objects.requireNonNull(confirmation, "confirmation");
            return this;
        }

        /**
         * Sets the functions, views and foreign tables that statements may use although the server cannot tell that they
         * only read, by name or pattern of {@code schema.name}, such as {@code api.*}. Whoever may change them can do
         * through agents what the database role may do. Default: none.
         *
         * @throws IllegalArgumentException if the list is empty or one of the patterns is blank
         */
        public Builder trustedObjects(String... patterns) {
            this.trustedObjects = Optional.of(NamePatterns.of("objects", List.of(patterns)));
            return this;
        }

        /**
         * Sets the settings that statements may read with {@code current_setting} although they could hold secrets, by name
         * or pattern, such as {@code app.*}. Default: none.
         *
         * @throws IllegalArgumentException if the list is empty or one of the patterns is blank
         */
        public Builder readableSettings(String... patterns) {
            List<String> lower = Stream.of(patterns)
                    .map(pattern -> pattern.toLowerCase(Locale.ROOT))
                    .toList();
            this.readableSettings = Optional.of(NamePatterns.of("settings", lower));
            return this;
        }

        /** Returns the policy. */
        public TimescalePolicy build() {
            return new TimescalePolicy(this);
        }
    }
}
