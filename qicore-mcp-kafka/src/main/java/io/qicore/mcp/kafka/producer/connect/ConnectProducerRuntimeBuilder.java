package io.qicore.mcp.kafka.producer.connect;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.connect.SourceConnectorConfig;
import io.qicore.mcp.kafka.internal.admin.AdminTopicCheck;
import io.qicore.mcp.kafka.internal.admin.TopicCheck;
import io.qicore.mcp.kafka.source.SourceType;
import io.qicore.mcp.kafka.source.SourceTypes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Builds {@link ConnectProducerRuntime}s. Each setter validates at once. Not thread-safe.
 */
public final class ConnectProducerRuntimeBuilder {

    /** The default of {@link #maxRunning}: 32 producers. */
    public static final int DEFAULT_MAX_RUNNING = 32;

    private static final Set<String> OWN = Set.of(
            "name",
            "connector.class",
            "tasks.max",
            SourceConnectorConfig.SOURCE,
            SourceConnectorConfig.RATE,
            SourceConnectorConfig.POSITION,
            SourceConnectorConfig.STARTED);

    private final ConnectConnection connect;
    private final KafkaConnection kafka;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private SourceTypes types = SourceTypes.discover();
    private String defaultTopic = SourceTypes.DEFAULT_TOPIC;
    private String prefix = "";
    private int maxRunning = DEFAULT_MAX_RUNNING;

    ConnectProducerRuntimeBuilder(ConnectConnection connect, KafkaConnection kafka) {
        this.connect = Objects.requireNonNull(connect, "connect");
        this.kafka = Objects.requireNonNull(kafka, "kafka");
    }

    /**
     * Adds a type of source that the workers have, too, or replaces the type with the same name. Default: those that
     * {@linkplain SourceTypes#discover() are found}.
     *
     * @throws IllegalArgumentException if its name is blank
     */
    public ConnectProducerRuntimeBuilder source(SourceType<?> type) {
        types = types.with(type);
        return this;
    }

    /**
     * Sets the topic of producers whose config does not name one. Default: {@value SourceTypes#DEFAULT_TOPIC}.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public ConnectProducerRuntimeBuilder defaultTopic(String topic) {
        if (topic.isBlank()) {
            throw new IllegalArgumentException("The default topic of producers must not be blank.");
        }
        this.defaultTopic = topic;
        return this;
    }

    /**
     * Sets what the names of the connectors of producers begin with, before the {@code sourceId}. Connectors whose names do not are not
     * shown as producers. Default: empty.
     *
     * @throws IllegalArgumentException if it has other characters than letters of ASCII, digits, {@code .}, {@code _} and {@code -}, or
     *     more than 50
     */
    public ConnectProducerRuntimeBuilder prefix(String namePrefix) {
        if (!namePrefix.matches("[A-Za-z0-9._-]{0,50}")) {
            throw new IllegalArgumentException(
                    "The prefix of connectors must be at most 50 letters, digits, '.', '_' and" + " '-', not '"
                            + namePrefix + "'.");
        }
        this.prefix = namePrefix;
        return this;
    }

    /**
     * Sets how many producers may run at the same time. Default: {@value #DEFAULT_MAX_RUNNING}.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ConnectProducerRuntimeBuilder maxRunning(int producers) {
        if (producers < 1) {
            throw new IllegalArgumentException("maxRunning must be at least 1, not " + producers + ".");
        }
        this.maxRunning = producers;
        return this;
    }

    /**
     * Sets a property of every connector that is started, such as {@code kafka.sasl.jaas.config} for sources that read Kafka,
     * {@code setting.PRODUCER_REPLAY_DIRECTORY} for a setting that sources read, or {@code producer.override.compression.type}. Everybody
     * who may read the REST API of Connect sees it, so a secret should be a reference to a config provider of the workers, such as
     * {@code ${file:/etc/kafka/secrets.properties:password}}. Default: {@code kafka.bootstrap.servers} of the connection.
     *
     * @throws IllegalArgumentException if the runtime sets the property itself
     */
    public ConnectProducerRuntimeBuilder connectorProperty(String name, String value) {
        if (OWN.contains(name)) {
            throw new IllegalArgumentException("The runtime sets " + name + " itself.");
        }
        properties.put(name, Objects.requireNonNull(value, name));
        return this;
    }

    /**
     * Returns a new runtime. It connects when it is used first.
     *
     * @throws IllegalArgumentException if the file with trusted certificates cannot be read
     */
    public ConnectProducerRuntime build() {
        return new ConnectProducerRuntime(this);
    }

    SourceTypes types() {
        return types;
    }

    String defaultTopic() {
        return defaultTopic;
    }

    String prefix() {
        return prefix;
    }

    int maxRunning() {
        return maxRunning;
    }

    Map<String, String> properties() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(SourceConnectorConfig.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        all.putAll(properties);
        return all;
    }

    Connectors connectors() {
        return new Connectors(new ConnectClient(connect));
    }

    TopicCheck topics() {
        return new AdminTopicCheck(kafka);
    }
}
