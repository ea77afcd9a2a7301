package io.qicore.mcp.kafka.access;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * The client properties with which every client of a server reaches its Kafka cluster. Immutable; {@link #toString()}
 * shows the bootstrap servers only.
 *
 * @param properties Kafka client properties, such as {@code bootstrap.servers} and {@code security.protocol}
 * @see <a href="https://kafka.apache.org/documentation/#configuration">Kafka documentation, Configuration</a>
 */
public record KafkaConnection(Map<String, Object> properties) {

    private static final String PREFIX = "KAFKA_";
    private static final String SERVER_PREFIX = "KAFKA_MCP_";
    private static final String POLICY_PREFIX = PolicySettings.PREFIX;

    /** Checks that {@code bootstrap.servers} is there, and copies. */
    public KafkaConnection {
        Object servers = properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        if (servers == null || servers.toString().isBlank()) {
            throw new IllegalArgumentException(
                    "No Kafka cluster is configured: set KAFKA_BOOTSTRAP_SERVERS, for example localhost:9092.");
        }
        properties = Map.copyOf(properties);
    }

    /** A cluster without authentication. */
    public static KafkaConnection to(String bootstrapServers) {
        return new KafkaConnection(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /**
     * From settings named as environment variables: {@code KAFKA_SASL_MECHANISM} becomes {@code sasl.mechanism}, and so
     * every client property can be given. {@code KAFKA_MCP_*} configure the MCP server, {@code KAFKA_TOOLS_*} its
     * {@link KafkaPolicy}; both are left out.
     *
     * @throws IllegalArgumentException if {@code KAFKA_BOOTSTRAP_SERVERS} is missing
     */
    public static KafkaConnection fromSettings(Map<String, String> settings) {
        Map<String, Object> properties = new TreeMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith(PREFIX) && !key.startsWith(SERVER_PREFIX) && !key.startsWith(POLICY_PREFIX)) {
                String property =
                        key.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
                properties.put(property, value);
            }
        });
        return new KafkaConnection(properties);
    }

    /** The bootstrap servers, for messages. */
    public String bootstrapServers() {
        return String.valueOf(properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** The properties with others on top, for one kind of client. */
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
