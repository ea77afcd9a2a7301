package io.qicore.mcp.kafka.producer.local;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.internal.admin.AdminTopicCheck;
import io.qicore.mcp.kafka.internal.admin.KafkaCluster;
import io.qicore.mcp.kafka.internal.admin.TopicCheck;
import io.qicore.mcp.kafka.internal.source.ReplayType;
import io.qicore.mcp.kafka.source.SourceContext;
import io.qicore.mcp.kafka.source.SourceType;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.server.ServerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link LocalProducerRuntime}s. Each setter validates at once. {@link #build()} may be called several times. Not
 * thread-safe.
 */
public final class LocalProducerRuntimeBuilder {

    /** The default of {@link #maxRunning}: 32 producers. */
    public static final int DEFAULT_MAX_RUNNING = 32;

    /** The default of {@link #flushTimeout}: 5 seconds. */
    public static final Duration DEFAULT_FLUSH_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Properties that take precedence, so that the connection cannot weaken what the runtime promises. The client tries for as long as
     * the producer lives; if it gave up a record and went on, the order would be lost. One request at a time, so that nothing has
     * followed when a record fails.
     */
    private static final Map<String, Object> GUARANTEES = Map.of(
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.RETRIES_CONFIG,
            Integer.MAX_VALUE,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            Integer.MAX_VALUE,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            60_000,
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
            1);

    private final KafkaConnection connection;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private @Nullable SourceTypes types;
    private String defaultTopic = SourceTypes.DEFAULT_TOPIC;
    private int maxRunning = DEFAULT_MAX_RUNNING;
    private Duration flushTimeout = DEFAULT_FLUSH_TIMEOUT;
    private Clock clock = Clock.systemUTC();
    private @Nullable TopicCheck topicCheck;
    private Duration firstRetry = Duration.ofSeconds(1);
    private Environment.ProducerFactory producerFactory = this::kafkaProducer;

    LocalProducerRuntimeBuilder(KafkaConnection connection) {
        this.connection = Objects.requireNonNull(connection, "connection");
    }

    /**
     * Adds a type of source, or replaces the type with the same name. Default: those that
     * {@linkplain SourceTypes#discover() are found}, among them {@code simulated}, {@code replay} and {@code kafka-topic}.
     *
     * @throws IllegalArgumentException if its name is blank
     */
    public LocalProducerRuntimeBuilder source(SourceType<?> type) {
        types = sourceTypes().with(type);
        return this;
    }

    /**
     * Sets the directory whose files agents may replay, including those in the directories below it. Default: none, so that
     * every replay is refused.
     *
     * @throws IllegalArgumentException if it is not an existing directory
     */
    public LocalProducerRuntimeBuilder replayDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(
                    "The replay directory '" + directory + "' is not an existing directory.");
        }
        return setting(ReplayType.DIRECTORY, directory.toString());
    }

    /** Sets a setting of the operator that sources can read, such as the address of a service. Default: none. */
    public LocalProducerRuntimeBuilder setting(String key, String value) {
        settings.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Sets the topic of producers whose config does not name one. Default: {@value SourceTypes#DEFAULT_TOPIC}.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public LocalProducerRuntimeBuilder defaultTopic(String topic) {
        if (topic.isBlank()) {
            throw new IllegalArgumentException("The default topic of producers must not be blank.");
        }
        this.defaultTopic = topic;
        return this;
    }

    /**
     * Sets how many producers may run at the same time. Default: {@value #DEFAULT_MAX_RUNNING}.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public LocalProducerRuntimeBuilder maxRunning(int producers) {
        if (producers < 1) {
            throw new IllegalArgumentException("maxRunning must be at least 1, not " + producers + ".");
        }
        this.maxRunning = producers;
        return this;
    }

    /**
     * Sets how long a producer that ends waits until Kafka has acknowledged the records that it has sent. Default: 5
     * seconds.
     *
     * @throws IllegalArgumentException if it is not positive or longer than {@link ServerSettings#MAX_TIMEOUT}
     */
    public LocalProducerRuntimeBuilder flushTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(ServerSettings.MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("flushTimeout must be positive and at most "
                    + ServerSettings.MAX_TIMEOUT.toHours() + " hours, not " + timeout + ".");
        }
        this.flushTimeout = timeout;
        return this;
    }

    /** Returns a new runtime. It connects when the first producer is started. */
    public LocalProducerRuntime build() {
        return new LocalProducerRuntime(this);
    }

    LocalProducerRuntimeBuilder clock(Clock newClock) {
        this.clock = newClock;
        return this;
    }

    LocalProducerRuntimeBuilder topicCheck(TopicCheck check) {
        this.topicCheck = check;
        return this;
    }

    LocalProducerRuntimeBuilder producerFactory(Environment.ProducerFactory factory) {
        this.producerFactory = factory;
        return this;
    }

    LocalProducerRuntimeBuilder firstRetry(Duration delay) {
        this.firstRetry = delay;
        return this;
    }

    /** Returns the types of sources that runtimes of this builder support. */
    public SourceTypes sourceTypes() {
        SourceTypes found = types;
        if (found == null) {
            found = SourceTypes.discover();
            types = found;
        }
        return found;
    }

    /** Returns the topic of producers whose config does not name one. */
    public String defaultTopic() {
        return defaultTopic;
    }

    int maxRunning() {
        return maxRunning;
    }

    Environment environment() {
        return new Environment(
                new SourceContext(connection, settings),
                producerFactory,
                topicCheck == null ? new AdminTopicCheck(connection) : topicCheck,
                KafkaCluster.of(connection),
                flushTimeout,
                firstRetry,
                clock);
    }

    private KafkaProducer<byte[], byte[]> kafkaProducer(String sourceId) {
        Map<String, Object> properties = new LinkedHashMap<>(connection.properties());
        properties.putAll(GUARANTEES);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "qicore-mcp-producer-" + sourceId);
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
