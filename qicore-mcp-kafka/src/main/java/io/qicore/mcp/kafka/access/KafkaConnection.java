package io.qicore.mcp.kafka.access;

import io.qicore.mcp.host.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * The connection to a Kafka cluster: the properties that all Kafka clients of a server have in common. Immutable and
 * thread-safe; {@link #toString()} shows only the bootstrap servers, because other properties may be secret.
 *
 * @param properties Kafka client properties, such as {@code bootstrap.servers} and {@code security.protocol}
 * @see <a href="https://kafka.apache.org/documentation/#configuration">Kafka documentation, Configuration</a>
 */
public record KafkaConnection(Map<String, Object> properties) {

    /**
     * Copies the properties.
     *
     * @throws IllegalArgumentException if {@code bootstrap.servers} is missing or blank
     */
    public KafkaConnection {
        Object servers = properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        if (servers == null || servers.toString().isBlank()) {
            throw new IllegalArgumentException(
                    "A connection to Kafka needs the property bootstrap.servers, for example localhost:9092.");
        }
        properties = Map.copyOf(properties);
    }

    /** Returns a connection without encryption and authentication. */
    public static KafkaConnection to(String bootstrapServers) {
        return new KafkaConnection(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /**
     * Returns the connection that settings describe. {@code KAFKA_SASL_MECHANISM} becomes the property
     * {@code sasl.mechanism}, and likewise for every other property of Kafka's admin client, consumer and producer and for
     * properties of plug-ins that Kafka does not know: {@code KAFKA_MY_HANDLER_URL} becomes {@code my.handler.url}.
     *
     * @param settings read with {@link KafkaSettings#table()}, or with a table that includes it
     */
    public static KafkaConnection from(Settings settings) {
        Map<String, Object> properties = new TreeMap<>();
        // A table that includes others may pass keys to other libraries; those do not stand for a property of Kafka.
        settings.passedThrough().forEach((key, value) -> KafkaSettings.property(key)
                .ifPresent(property -> properties.put(property, value)));
        KafkaSettings.SECRETS.forEach(
                (property, secret) -> settings.find(secret).ifPresent(value -> properties.put(property, value)));
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.get(KafkaSettings.BOOTSTRAP_SERVERS));
        return new KafkaConnection(properties);
    }

    /** Returns the bootstrap servers, for messages. */
    public String bootstrapServers() {
        return String.valueOf(properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** Returns the properties together with others, which take precedence. */
    public Map<String, Object> with(Map<String, ?> others) {
        Map<String, Object> merged = new LinkedHashMap<>(properties);
        merged.putAll(others);
        return merged;
    }

    @Override
    public String toString() {
        return "KafkaConnection[" + bootstrapServers() + "]";
    }
}
