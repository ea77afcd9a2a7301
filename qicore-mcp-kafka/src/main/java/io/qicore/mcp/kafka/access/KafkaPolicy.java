package io.qicore.mcp.kafka.access;

import io.qicore.mcp.kafka.internal.name.NamePatterns;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What agents may do to a Kafka cluster through
 * {@link io.qicore.mcp.kafka.KafkaMCPServer}, {@link io.qicore.mcp.kafka.StreamingConsumerMCPServer},
 * {@link io.qicore.mcp.kafka.producer.StreamingProducerMCPServer} and
 * {@link io.qicore.mcp.kafka.live.RealTimeDataMCPServer}.
 *
 * <pre>{@code
 * var policy = KafkaPolicy.builder()
 *         .readOnly(true)
 *         .topics("orders-*", "payments")
 *         .groups("orders-*")
 *         .build();
 * var server = new KafkaMCPServer(connection, policy);
 * }</pre>
 *
 * <p>Allow-lists take exact names and patterns in which {@code *} stands for any characters and {@code ?} for one. What a
 * list does not allow is neither listed nor touched. Kafka's own topics, whose names start with {@code __}, are never
 * changed, whatever the lists say. The policy comes on top of the cluster's ACLs and replaces none of them.
 *
 * <p>Immutable and thread-safe; {@link #toString()} does not show the signing key.
 */
public final class KafkaPolicy {

    /** Fewest bytes of a {@linkplain Builder#signingKey signing key}: 16. */
    public static final int MIN_SIGNING_KEY_BYTES = 16;

    /** The {@linkplain Builder#lagThreshold lag threshold} unless set: 10,000 records. */
    public static final long DEFAULT_LAG_THRESHOLD = 10_000;

    /** The {@linkplain Builder#lagCheckInterval interval of lag checks} unless set: 10 s. */
    public static final Duration DEFAULT_LAG_CHECK_INTERVAL = Duration.ofSeconds(10);

    private static final Duration MIN_LAG_CHECK_INTERVAL = Duration.ofMillis(100);

    private static final int RANDOM_KEY_BYTES = 32;

    private final boolean readOnly;
    private final NamePatterns tools;
    private final NamePatterns topics;
    private final NamePatterns groups;
    private final ConfirmationMode confirmation;
    private final byte[] signingKey;
    private final long lagThreshold;
    private final Duration lagCheckInterval;

    private KafkaPolicy(Builder builder) {
        this.readOnly = builder.readOnly;
        this.tools = builder.tools;
        this.topics = builder.topics;
        this.groups = builder.groups;
        this.confirmation = builder.confirmation;
        this.signingKey = builder.signingKey == null ? randomKey() : builder.signingKey;
        this.lagThreshold = builder.lagThreshold;
        this.lagCheckInterval = builder.lagCheckInterval;
    }

    /** Allows everything that the cluster allows and confirms {@link ConfirmationMode#DESTRUCTIVE}. */
    public static KafkaPolicy standard() {
        return builder().build();
    }

    /** A builder of a {@link #standard()} policy. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * From settings named as environment variables. All are optional:
     *
     * <ul>
     *   <li>{@code KAFKA_TOOLS_READ_ONLY}: {@code true} leaves every tool out that changes something
     *   <li>{@code KAFKA_TOOLS_ALLOWED}: tools, by name or pattern, separated by commas, such as {@code get_*,list_*}
     *   <li>{@code KAFKA_TOOLS_TOPICS}: topics, likewise
     *   <li>{@code KAFKA_TOOLS_GROUPS}: groups, likewise
     *   <li>{@code KAFKA_TOOLS_CONFIRMATION}: {@code when-supported}, {@code always} or {@code never}
     *   <li>{@code KAFKA_TOOLS_SIGNING_KEY}, or a file of it in {@code KAFKA_TOOLS_SIGNING_KEY_FILE}: see
     *       {@link Builder#signingKey}
     *   <li>{@code KAFKA_TOOLS_LAG_THRESHOLD}: see {@link Builder#lagThreshold}
     *   <li>{@code KAFKA_TOOLS_LAG_CHECK_SECONDS}: see {@link Builder#lagCheckInterval}
     * </ul>
     *
     * @throws IllegalArgumentException if a value is wrong, or a key starts with {@code KAFKA_TOOLS_} and is none of
     *     these: a restriction with a misspelt name must not be lost
     */
    public static KafkaPolicy fromSettings(Map<String, String> settings) {
        PolicySettings given = new PolicySettings(settings);
        Builder builder = builder();
        given.flag(PolicySettings.READ_ONLY, builder::readOnly);
        given.list(PolicySettings.ALLOWED, builder::tools);
        given.list(PolicySettings.TOPICS, builder::topics);
        given.list(PolicySettings.GROUPS, builder::groups);
        given.mode(PolicySettings.CONFIRMATION, builder::confirmation);
        given.content(PolicySettings.SIGNING_KEY_FILE, builder::signingKey);
        given.text(PolicySettings.SIGNING_KEY, builder::signingKey);
        given.number(PolicySettings.LAG_THRESHOLD, builder::lagThreshold);
        given.number(
                PolicySettings.LAG_CHECK_SECONDS, seconds -> builder.lagCheckInterval(Duration.ofSeconds(seconds)));
        return builder.build();
    }

    /** Whether only tools that change nothing are offered. */
    public boolean readOnly() {
        return readOnly;
    }

    /** Whether a tool may be offered, read-only mode aside. */
    public boolean allowsTool(String name) {
        return tools.match(name);
    }

    /** Whether a topic may be seen and used. */
    public boolean allowsTopic(String name) {
        return topics.match(name);
    }

    /** Whether a group may be seen and used. */
    public boolean allowsGroup(String groupId) {
        return groups.match(groupId);
    }

    /** The allowed topics, as configured; {@code *} for all. */
    public List<String> topics() {
        return topics.patterns();
    }

    /** The allowed groups, as configured; {@code *} for all. */
    public List<String> groups() {
        return groups.patterns();
    }

    /** When a tool that overwrites or deletes asks first. */
    public ConfirmationMode confirmation() {
        return confirmation;
    }

    /** The key that signs what clients hand back. A copy. */
    public byte[] signingKey() {
        return signingKey.clone();
    }

    /** Above how many unread records subscribers to a group's lag are told, unless they say themselves. */
    public long lagThreshold() {
        return lagThreshold;
    }

    /** How often the lag of groups is looked at while there are subscribers. */
    public Duration lagCheckInterval() {
        return lagCheckInterval;
    }

    @Override
    public String toString() {
        return "KafkaPolicy[" + (readOnly ? "read-only, " : "") + "tools " + tools + ", topics " + topics + ", groups "
                + groups + ", confirmation " + confirmation + "]";
    }

    private static byte[] randomKey() {
        byte[] key = new byte[RANDOM_KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** Builds a {@link KafkaPolicy}. Not thread-safe. */
    public static final class Builder {

        private boolean readOnly;
        private NamePatterns tools = NamePatterns.ALL;
        private NamePatterns topics = NamePatterns.ALL;
        private NamePatterns groups = NamePatterns.ALL;
        private ConfirmationMode confirmation = ConfirmationMode.DESTRUCTIVE;
        private byte @Nullable [] signingKey;
        private long lagThreshold = DEFAULT_LAG_THRESHOLD;
        private Duration lagCheckInterval = DEFAULT_LAG_CHECK_INTERVAL;

        private Builder() {}

        /** Whether to leave every tool out that changes something. Default: no. */
        public Builder readOnly(boolean readOnly) {
            this.readOnly = readOnly;
            return this;
        }

        /**
         * The tools to offer, by name or pattern. Default: all.
         *
         * @throws IllegalArgumentException if there is none, or one is blank
         */
        public Builder tools(String... patterns) {
            this.tools = NamePatterns.of("tools", List.of(patterns));
            return this;
        }

        /**
         * The topics that agents may see and use, by name or pattern. Default: all.
         *
         * @throws IllegalArgumentException if there is none, or one is blank
         */
        public Builder topics(String... patterns) {
            this.topics = NamePatterns.of("topics", List.of(patterns));
            return this;
        }

        /**
         * The groups that agents may see and use, by id or pattern. Default: all.
         *
         * @throws IllegalArgumentException if there is none, or one is blank
         */
        public Builder groups(String... patterns) {
            this.groups = NamePatterns.of("groups", List.of(patterns));
            return this;
        }

        /** When a tool that overwrites or deletes asks first. Default: {@link ConfirmationMode#DESTRUCTIVE}. */
        public Builder confirmation(ConfirmationMode confirmation) {
            this.confirmation = Objects.requireNonNull(confirmation);
            return this;
        }

        /**
         * The secret that signs the lag samples which clients hand back. Give all replicas of a server the same one;
         * otherwise a sample is understood by the process that made it only. Default: random.
         *
         * @throws IllegalArgumentException if it has less than {@link #MIN_SIGNING_KEY_BYTES} bytes in UTF-8
         */
        public Builder signingKey(String key) {
            byte[] bytes = key.strip().getBytes(StandardCharsets.UTF_8);
            if (bytes.length < MIN_SIGNING_KEY_BYTES) {
                throw new IllegalArgumentException("The signing key has " + bytes.length + " bytes; it needs at least "
                        + MIN_SIGNING_KEY_BYTES + ". Make one with: openssl rand -base64 32");
            }
            this.signingKey = bytes;
            return this;
        }

        /**
         * Above how many unread records those who watch {@code kafka://groups/{group}/lag} are told. Default:
         * {@link #DEFAULT_LAG_THRESHOLD}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder lagThreshold(long records) {
            if (records < 0) {
                throw new IllegalArgumentException("The lag threshold must be 0 or more records, not " + records + ".");
            }
            this.lagThreshold = records;
            return this;
        }

        /**
         * How often the lag of watched groups is looked at, all of them at once. Default:
         * {@link #DEFAULT_LAG_CHECK_INTERVAL}.
         *
         * @throws IllegalArgumentException if it is less than 100 ms
         */
        public Builder lagCheckInterval(Duration interval) {
            if (interval.compareTo(MIN_LAG_CHECK_INTERVAL) < 0) {
                throw new IllegalArgumentException("The interval of lag checks must be "
                        + MIN_LAG_CHECK_INTERVAL.toMillis() + " ms or more, not " + interval + ".");
            }
            this.lagCheckInterval = interval;
            return this;
        }

        /** The finished policy. */
        public KafkaPolicy build() {
            return new KafkaPolicy(this);
        }
    }
}
