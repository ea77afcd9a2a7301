package io.qicore.mcp.kafka.producer;

import io.qicore.mcp.kafka.access.KafkaConnection;
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

/** Builds a {@link LocalProducerRuntime}; {@link #build()} may be called several times. Not thread-safe. */
public final class LocalProducerRuntimeBuilder {

    /** The topic of a producer whose config names none. */
    public static final String DEFAULT_TOPIC = "crypto-ohlcv";

    /** How many producers may run at once. */
    public static final int DEFAULT_MAX_RUNNING = 32;

    /** How long a producer that ends waits for acknowledgements. */
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
     * Adds a type of source, or replaces the one of the same name. {@code simulated} and {@code replay} are there.
     *
     * @throws IllegalArgumentException if its type is blank
     */
    public LocalProducerRuntimeBuilder source(MarketDataSourceFactory factory) {
        if (factory.type().isBlank()) {
            throw new IllegalArgumentException("A source factory needs a type: " + factory + " has a blank one.");
        }
        added.put(factory.type(), factory);
        return this;
    }

    /**
     * Lets agents replay the files of a directory and of those below it. Default: none, replays are refused.
     *
     * @throws IllegalArgumentException if it is no directory
     */
    public LocalProducerRuntimeBuilder replayDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("The replay directory '" + directory + "' is no directory.");
        }
        this.replayDirectory = directory;
        return this;
    }

    /**
     * The topic of a producer whose config names none. Default: {@value #DEFAULT_TOPIC}.
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
     * How many producers may run at once. Default: {@value #DEFAULT_MAX_RUNNING}.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public LocalProducerRuntimeBuilder maxRunning(int producers) {
        if (producers < 1) {
            throw new IllegalArgumentException("At least 1 producer must be allowed to run, not " + producers + ".");
        }
        this.maxRunning = producers;
        return this;
    }

    /**
     * How long a producer that ends waits for acknowledgements of what it has sent. Default: 5 seconds.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public LocalProducerRuntimeBuilder flushTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("The flush timeout must be positive, not " + timeout + ".");
        }
        this.flushTimeout = timeout;
        return this;
    }

    /** The runtime. It connects when the first producer is started. */
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
        // In this order, so that no connection setting can weaken what the runtime promises.
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
