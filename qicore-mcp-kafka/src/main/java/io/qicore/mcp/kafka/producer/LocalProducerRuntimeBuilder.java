package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.internal.admin.KafkaCluster;
import io.qicore.mcp.kafka.marketdata.MarketDataSourceFactory;
import io.qicore.mcp.kafka.marketdata.ReplaySourceFactory;
import io.qicore.mcp.kafka.marketdata.SimulatedSourceFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link LocalProducerRuntime}s. Each setter validates at once. {@link #build()} may be called several times. Not
 * thread-safe.
 */
public final class LocalProducerRuntimeBuilder {

    /** The default topic of producers whose config does not name one. */
    public static final String DEFAULT_TOPIC = "crypto-ohlcv";

    /** The default of {@link #maxRunning}: 32 producers. */
    public static final int DEFAULT_MAX_RUNNING = 32;

    /** The default of {@link #flushTimeout}: 5 seconds. */
    public static final Duration DEFAULT_FLUSH_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaConnection connection;
    private final Map<String, MarketDataSourceFactory> added = new LinkedHashMap<>();
    private @Nullable Path replayDirectory;
    private String defaultTopic = DEFAULT_TOPIC;
    private int maxRunning = DEFAULT_MAX_RUNNING;
    private Duration flushTimeout = DEFAULT_FLUSH_TIMEOUT;
    private Clock clock = Clock.systemUTC();
    private @Nullable TopicCheck topicCheck;
    private LocalProducerRuntime.ProducerFactory producerFactory = this::kafkaProducer;

    LocalProducerRuntimeBuilder(KafkaConnection connection) {
        this.connection = Objects.requireNonNull(connection, "connection");
    }

    /**
     * Adds a type of source, or replaces the type with the same name. Default: {@code simulated} and {@code replay}.
     *
     * @throws IllegalArgumentException if its type is blank
     */
    public LocalProducerRuntimeBuilder source(MarketDataSourceFactory factory) {
        if (factory.type().isBlank()) {
            throw new IllegalArgumentException(
                    "The type of a source factory must not be blank, as it is for " + factory + ".");
        }
        added.put(factory.type(), factory);
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
        this.replayDirectory = directory;
        return this;
    }

    /**
     * Sets the topic of producers whose config does not name one. Default: {@value #DEFAULT_TOPIC}.
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
     * @throws IllegalArgumentException if it is not positive
     */
    public LocalProducerRuntimeBuilder flushTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("flushTimeout must be positive, not " + timeout + ".");
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

    LocalProducerRuntimeBuilder producerFactory(LocalProducerRuntime.ProducerFactory factory) {
        this.producerFactory = factory;
        return this;
    }

    Map<String, MarketDataSourceFactory> factories() {
        Map<String, MarketDataSourceFactory> factories = new LinkedHashMap<>();
        for (MarketDataSourceFactory factory :
                List.of(new SimulatedSourceFactory(), new ReplaySourceFactory(replayDirectory))) {
            factories.put(factory.type(), factory);
        }
        factories.putAll(added);
        return Collections.unmodifiableMap(factories);
    }

    List<SourceType> sourceTypes() {
        return typesOf(factories().values());
    }

    String defaultTopic() {
        return defaultTopic;
    }

    int maxRunning() {
        return maxRunning;
    }

    Duration flushTimeout() {
        return flushTimeout;
    }

    Clock clock() {
        return clock;
    }

    KafkaCluster cluster() {
        return KafkaCluster.of(connection);
    }

    TopicCheck topicCheck() {
        return topicCheck == null ? new AdminTopicCheck(connection) : topicCheck;
    }

    LocalProducerRuntime.ProducerFactory producerFactory() {
        return producerFactory;
    }

    static List<SourceType> typesOf(Collection<MarketDataSourceFactory> factories) {
        return factories.stream()
                .map(factory -> new SourceType(factory.type(), factory.settings()))
                .toList();
    }

    private KafkaProducer<String, byte[]> kafkaProducer(String sourceId) {
        // These take precedence, so that the connection cannot weaken the guarantees of the runtime.
        Map<String, Object> properties = connection.with(Map.of(
                ProducerConfig.CLIENT_ID_CONFIG,
                "qicore-mcp-producer-" + sourceId,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true));
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }
}
