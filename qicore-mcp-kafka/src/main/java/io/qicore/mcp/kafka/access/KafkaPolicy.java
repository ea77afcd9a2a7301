package io.qicore.mcp.kafka.access;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.NamePatterns;
import io.qicore.mcp.host.Settings;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What agents may do to a Kafka cluster through a server of this module.
 *
 * <pre>{@code
 * var policy = KafkaPolicy.builder()
 *         .readOnly(true)
 *         .topics("orders-*", "payments")
 *         .groups("orders-*")
 *         .build();
 * var server = new KafkaMCPServer(connection, KafkaOptions.builder().policy(policy).build());
 * }</pre>
 *
 * <p>The allow-lists of tools, topics and groups take exact names and patterns, in which {@code *} stands for any
 * characters and {@code ?} for one. Topics and groups that a list does not allow are neither listed, read nor changed.
 * Kafka's internal topics, whose names start with {@code __}, are never changed, even if the list of topics allows them.
 * The policy limits agents in addition to the ACLs of the cluster and does not replace them.
 *
 * <p>Immutable and thread-safe.
 */
public final class KafkaPolicy {

    /** The entry of {@link #maskedFields()} that stands for the keys of records. */
    public static final String MASKED_KEY = "$key";

    private static final KafkaPolicy DEFAULTS = builder().build();

    private final boolean readOnly;
    private final NamePatterns tools;
    private final NamePatterns topics;
    private final NamePatterns groups;
    private final ConfirmationMode confirmation;
    private final boolean records;
    private final boolean produce;
    private final List<String> maskedFields;
    private final @Nullable String unmaskedScope;

    private KafkaPolicy(Builder builder) {
        this.readOnly = builder.readOnly;
        this.tools = builder.tools;
        this.topics = builder.topics;
        this.groups = builder.groups;
        this.confirmation = builder.confirmation;
        this.records = builder.records;
        this.produce = builder.produce;
        this.maskedFields = builder.maskedFields;
        this.unmaskedScope = builder.unmaskedScope;
    }

    /**
     * Returns the default policy, which allows every topic and group and every tool except those for records, and confirms
     * changes that are {@linkplain ConfirmationMode#DESTRUCTIVE destructive}.
     */
    public static KafkaPolicy defaults() {
        return DEFAULTS;
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the policy that the settings describe. */
    static KafkaPolicy from(Settings settings) {
        Builder builder = builder()
                .readOnly(settings.get(KafkaSettings.READ_ONLY))
                .confirmation(settings.get(KafkaSettings.CONFIRMATION))
                .records(settings.get(KafkaSettings.RECORDS))
                .produce(settings.get(KafkaSettings.PRODUCE));
        settings.find(KafkaSettings.ALLOWED).ifPresent(names -> builder.tools(names.toArray(String[]::new)));
        settings.find(KafkaSettings.TOPICS).ifPresent(names -> builder.topics(names.toArray(String[]::new)));
        settings.find(KafkaSettings.GROUPS).ifPresent(names -> builder.groups(names.toArray(String[]::new)));
        settings.find(KafkaSettings.MASK_FIELDS).ifPresent(names -> builder.maskedFields(names.toArray(String[]::new)));
        settings.find(KafkaSettings.UNMASKED_SCOPE).ifPresent(builder::unmaskedScope);
        return builder.build();
    }

    /** Returns a builder that starts from this policy. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.readOnly = readOnly;
        builder.tools = tools;
        builder.topics = topics;
        builder.groups = groups;
        builder.confirmation = confirmation;
        builder.records = records;
        builder.produce = produce;
        builder.maskedFields = maskedFields;
        builder.unmaskedScope = unmaskedScope;
        return builder;
    }

    /** Returns whether a text is the name of a masked field: parts that are not blank, with dots between them. */
    static boolean isMaskedField(String name) {
        return Arrays.stream(name.split("\\.", -1)).noneMatch(String::isBlank);
    }

    /** Returns whether a text can be a scope of OAuth (RFC 6749): visible ASCII without blanks, quotes and backslashes. */
    static boolean isScope(String scope) {
        return scope.matches("[!#-\\[\\]-~]+");
    }

    /** Returns whether only tools that change nothing are offered. */
    public boolean readOnly() {
        return readOnly;
    }

    /** Returns whether the list of tools allows a tool. Read-only mode is not considered. */
    public boolean allowsTool(String name) {
        return tools.match(name);
    }

    /** Returns whether a topic may be seen and used. */
    public boolean allowsTopic(String name) {
        return topics.match(name);
    }

    /** Returns whether a group may be seen and used. */
    public boolean allowsGroup(String groupId) {
        return groups.match(groupId);
    }

    /** Returns the names and patterns of the allowed tools; {@code *} allows all. */
    public List<String> tools() {
        return tools.patterns();
    }

    /** Returns the names and patterns of the allowed topics; {@code *} allows all. */
    public List<String> topics() {
        return topics.patterns();
    }

    /** Returns the ids and patterns of the allowed groups; {@code *} allows all. */
    public List<String> groups() {
        return groups.patterns();
    }

    /** Returns which changes need the user's agreement. */
    public ConfirmationMode confirmation() {
        return confirmation;
    }

    /** Returns whether {@link io.qicore.mcp.kafka.KafkaMCPServer} offers the tools that show the contents of records. */
    public boolean records() {
        return records;
    }

    /** Returns whether the tools that write records and abort transactions are offered. */
    public boolean produce() {
        return produce;
    }

    /** Returns the fields whose values are masked, as {@link Builder#maskedFields} takes them. */
    public List<String> maskedFields() {
        return maskedFields;
    }

    /** Returns the scope of the callers for whom nothing is masked; empty if fields are masked for everyone. */
    public Optional<String> unmaskedScope() {
        return Optional.ofNullable(unmaskedScope);
    }

    /** Returns whether the masked fields are masked for a caller. */
    public boolean masksFor(Caller caller) {
        return unmaskedScope == null || !caller.scopes().contains(unmaskedScope);
    }

    @Override
    public String toString() {
        return "KafkaPolicy[" + (readOnly ? "read-only, " : "") + "tools " + tools + ", topics " + topics + ", groups "
                + groups + ", confirmation " + confirmation + (records ? ", records" : "")
                + (produce ? ", produce" : "")
                + (maskedFields.isEmpty() ? "" : ", masked fields " + String.join(",", maskedFields))
                + (unmaskedScope == null ? "" : ", unmasked scope " + unmaskedScope) + "]";
    }

    /** Builds a {@link KafkaPolicy}. Each setter validates at once. Not thread-safe. */
    public static final class Builder {

        private boolean readOnly;
        private NamePatterns tools = NamePatterns.ALL;
        private NamePatterns topics = NamePatterns.ALL;
        private NamePatterns groups = NamePatterns.ALL;
        private ConfirmationMode confirmation = ConfirmationMode.DESTRUCTIVE;
        private boolean records;
        private boolean produce;
        private List<String> maskedFields = List.of();
        private @Nullable String unmaskedScope;

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

        /**
         * Sets the topics that agents may see and use, by name or pattern. Default: all.
         *
         * @throws IllegalArgumentException if the list is empty or one of the patterns is blank
         */
        public Builder topics(String... patterns) {
            this.topics = NamePatterns.of("topics", List.of(patterns));
            return this;
        }

        /**
         * Sets the groups that agents may see and use, by id or pattern. Default: all.
         *
         * @throws IllegalArgumentException if the list is empty or one of the patterns is blank
         */
        public Builder groups(String... patterns) {
            this.groups = NamePatterns.of("groups", List.of(patterns));
            return this;
        }

        /** Sets which changes need the user's agreement. Default: {@link ConfirmationMode#DESTRUCTIVE}. */
        public Builder confirmation(ConfirmationMode confirmation) {
            this.confirmation = Objects.requireNonNull(confirmation, "confirmation");
            return this;
        }

        /**
         * Sets whether {@link io.qicore.mcp.kafka.KafkaMCPServer} offers the tools that show the contents of records. The
         * server {@link io.qicore.mcp.kafka.records.RecordsMCPServer} always does. Default: {@code false}.
         */
        public Builder records(boolean records) {
            this.records = records;
            return this;
        }

        /**
         * Sets whether {@link io.qicore.mcp.kafka.KafkaMCPServer} and
         * {@link io.qicore.mcp.kafka.records.RecordsMCPServer} offer the tools that write records and abort hanging
         * transactions. Default: {@code false}.
         */
        public Builder produce(boolean produce) {
            this.produce = produce;
            return this;
        }

        /**
         * Sets the fields whose values are masked. A name such as {@code email} matches fields of JSON objects at any
         * depth, and headers. With dots it names a field and the objects around it: {@code card.*} matches every field of an
         * object {@code card}. In each part, {@code *} stands for any characters and {@code ?} for one; upper and lower case
         * do not matter. {@value #MASKED_KEY} masks the keys of records. Default: none.
         *
         * <p>Contents whose fields cannot be told apart, such as bytes or damaged JSON, are withheld if fields are masked and
         * the contents may have such a field.
         *
         * @throws IllegalArgumentException if an entry, or a part of it, is blank
         */
        public Builder maskedFields(String... names) {
            List<String> stripped =
                    Arrays.stream(names).map(String::strip).distinct().toList();
            for (String name : stripped) {
                if (!isMaskedField(name)) {
                    throw new IllegalArgumentException("'" + name
                            + "' is not the name of a masked field. Write names such"
                            + " as email or card.number, with * for any characters, or " + MASKED_KEY + " for keys.");
                }
            }
            this.maskedFields = stripped;
            return this;
        }

        /**
         * Sets a scope. For callers that have it, nothing is masked. A caller has the scopes of its token, or the rights of its
         * API key; one that is not authenticated has none. Default: fields are masked for everyone.
         *
         * @throws IllegalArgumentException if the text cannot be a scope of OAuth: it is empty, or has blanks, quotes or
         *     backslashes
         */
        public Builder unmaskedScope(String scope) {
            if (!isScope(scope)) {
                throw new IllegalArgumentException("'" + scope + "' is not a scope. Write one such as records:unmasked,"
                        + " without blanks, quotes and backslashes.");
            }
            this.unmaskedScope = scope;
            return this;
        }

        /** Returns the policy. */
        public KafkaPolicy build() {
            return new KafkaPolicy(this);
        }
    }
}
