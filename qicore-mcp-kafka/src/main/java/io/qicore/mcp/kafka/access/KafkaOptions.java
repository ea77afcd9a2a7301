package io.qicore.mcp.kafka.access;

import io.qicore.mcp.host.Settings;
import io.qicore.mcp.server.ServerSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The options of a Kafka server: what agents may do, when subscribers to the lag of a group are notified, and the settings
 * that every MCP server has.
 *
 * <pre>{@code
 * var options = KafkaOptions.builder()
 *         .policy(KafkaPolicy.builder().readOnly(true).build())
 *         .lagThreshold(1_000)
 *         .server(ServerSettings.builder().transport(HttpTransport.onPort(8081)).build())
 *         .build();
 * var server = new KafkaMCPServer(connection, options);
 * }</pre>
 *
 * <p>Immutable and thread-safe. Options whose {@link #server()} has transports belong to one server.
 */
public final class KafkaOptions {

    /** The default of {@link #lagThreshold()}: 10,000 offsets. */
    public static final long DEFAULT_LAG_THRESHOLD = 10_000;

    /** The default of {@link #lagCheckInterval()}: 10 seconds. */
    public static final Duration DEFAULT_LAG_CHECK_INTERVAL = Duration.ofSeconds(10);

    /** The shortest {@link #lagCheckInterval()}: 100 milliseconds. */
    public static final Duration MIN_LAG_CHECK_INTERVAL = Duration.ofMillis(100);

    /** The default of {@link #replicationFactor()}: one replica of each partition. */
    public static final int DEFAULT_REPLICATION_FACTOR = 1;

    /** The value of the setting {@code KAFKA_TOOLS_REPLICATION_FACTOR} that stands for the default of the brokers. */
    static final String BROKER_DEFAULT = "broker";

    private static final KafkaOptions DEFAULTS = builder().build();

    private final KafkaPolicy policy;
    private final OptionalInt replicationFactor;
    private final long lagThreshold;
    private final Duration lagCheckInterval;
    private final Optional<RegistryConnection> registry;
    private final ServerSettings server;

    private KafkaOptions(Builder builder) {
        this.policy = builder.policy;
        this.replicationFactor = builder.replicationFactor;
        this.lagThreshold = builder.lagThreshold;
        this.lagCheckInterval = builder.lagCheckInterval;
        this.registry = builder.registry;
        this.server = builder.server;
    }

    /** Returns the default options: {@link KafkaPolicy#defaults()} and {@link ServerSettings#defaults()}. */
    public static KafkaOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the policy and the lag options from settings. The settings of the server are the defaults; add others with
     * {@link #toBuilder()}.
     *
     * @param settings read with {@link KafkaSettings#table()}, or with a table that includes it
     */
    public static KafkaOptions from(Settings settings) {
        Builder builder = builder();
        String replicas = settings.get(KafkaSettings.REPLICATION_FACTOR);
        if (replicas.equals(BROKER_DEFAULT)) {
            builder.brokerReplicationFactor();
        } else {
            builder.replicationFactor(Integer.parseInt(replicas));
        }
        RegistryConnection.from(settings).ifPresent(builder::registry);
        return builder.policy(KafkaPolicy.from(settings))
                .lagThreshold(settings.get(KafkaSettings.LAG_THRESHOLD))
                .lagCheckInterval(settings.get(KafkaSettings.LAG_CHECK_INTERVAL))
                .build();
    }

    /** Returns a builder that starts from these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.policy = policy;
        builder.replicationFactor = replicationFactor;
        builder.lagThreshold = lagThreshold;
        builder.lagCheckInterval = lagCheckInterval;
        builder.registry = registry;
        builder.server = server;
        return builder;
    }

    /** Returns what agents may do. */
    public KafkaPolicy policy() {
        return policy;
    }

    /**
     * Returns the replicas of each partition of a new topic if a call of {@code create_topic} does not say; empty for
     * {@code default.replication.factor} of the brokers.
     */
    public OptionalInt replicationFactor() {
        return replicationFactor;
    }

    /** Returns the lag, in offsets, above which subscribers are notified if they do not give a threshold themselves. */
    public long lagThreshold() {
        return lagThreshold;
    }

    /** Returns how often the lag of groups with subscribers is measured. */
    public Duration lagCheckInterval() {
        return lagCheckInterval;
    }

    /** Returns the schema registry by which records are decoded; empty if there is none. */
    public Optional<RegistryConnection> registry() {
        return registry;
    }

    /** Returns the settings that every MCP server has: limits, transports and the state key. */
    public ServerSettings server() {
        return server;
    }

    @Override
    public String toString() {
        return "KafkaOptions[" + policy + ", replicationFactor="
                + (replicationFactor.isPresent() ? replicationFactor.getAsInt() : BROKER_DEFAULT) + ", lagThreshold="
                + lagThreshold + ", lagCheckInterval=" + lagCheckInterval
                + registry.map(connection -> ", " + connection).orElse("") + ", " + server + "]";
    }

    /** Builds {@link KafkaOptions}. Each setter validates at once. Not thread-safe. */
    public static final class Builder {

        private KafkaPolicy policy = KafkaPolicy.defaults();
        private OptionalInt replicationFactor = OptionalInt.of(DEFAULT_REPLICATION_FACTOR);
        private long lagThreshold = DEFAULT_LAG_THRESHOLD;
        private Duration lagCheckInterval = DEFAULT_LAG_CHECK_INTERVAL;
        private Optional<RegistryConnection> registry = Optional.empty();
        private ServerSettings server = ServerSettings.defaults();

        private Builder() {}

        /** Sets what agents may do. Default: {@link KafkaPolicy#defaults()}. */
        public Builder policy(KafkaPolicy policy) {
            this.policy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets the replicas of each partition of a new topic if a call of {@code create_topic} does not say. Default: 1.
         *
         * @throws IllegalArgumentException if it is less than 1 or more than 32,767
         */
        public Builder replicationFactor(int replicas) {
            if (replicas < 1 || replicas > Short.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "replicationFactor must be from 1 to " + Short.MAX_VALUE + ", not " + replicas + ".");
            }
            this.replicationFactor = OptionalInt.of(replicas);
            return this;
        }

        /** Leaves the replicas of new topics to {@code default.replication.factor} of the brokers. */
        public Builder brokerReplicationFactor() {
            this.replicationFactor = OptionalInt.empty();
            return this;
        }

        /**
         * Sets the lag above which subscribers to {@code kafka://groups/{group}/lag} are notified. Default: 10,000
         * records.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder lagThreshold(long offsets) {
            if (offsets < 0) {
                throw new IllegalArgumentException("lagThreshold must be 0 or more offsets, not " + offsets + ".");
            }
            this.lagThreshold = offsets;
            return this;
        }

        /**
         * Sets how often the lag of all groups with subscribers is measured. Default: 10 seconds.
         *
         * @throws IllegalArgumentException if it is less than {@link #MIN_LAG_CHECK_INTERVAL} or more than
         *     {@link ServerSettings#MAX_TIMEOUT}
         */
        public Builder lagCheckInterval(Duration interval) {
            if (interval.compareTo(MIN_LAG_CHECK_INTERVAL) < 0 || interval.compareTo(ServerSettings.MAX_TIMEOUT) > 0) {
                throw new IllegalArgumentException(
                        "lagCheckInterval must be at least " + MIN_LAG_CHECK_INTERVAL.toMillis() + " ms and at most "
                                + ServerSettings.MAX_TIMEOUT.toHours() + " hours, not " + interval + ".");
            }
            this.lagCheckInterval = interval;
            return this;
        }

        /**
         * Sets the schema registry by which records are decoded. Avro needs {@code org.apache.avro:avro} on the class path;
         * Protobuf needs {@code com.google.protobuf:protobuf-java-util} and {@code com.squareup.wire:wire-schema-jvm}.
         * Default: none.
         */
        public Builder registry(RegistryConnection connection) {
            this.registry = Optional.of(connection);
            return this;
        }

        /**
         * Sets the settings that every MCP server has. Replicas need the same
         * {@linkplain ServerSettings.Builder#stateKey state key} to read each other's lag samples. Default:
         * {@link ServerSettings#defaults()}.
         */
        public Builder server(ServerSettings settings) {
            this.server = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /** Returns the options. */
        public KafkaOptions build() {
            return new KafkaOptions(this);
        }
    }
}
