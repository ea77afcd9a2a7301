package io.qicore.mcp.kafka.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.source.SourceContext;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.Json;
import io.qicore.mcp.tool.MCPToolError;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * The config of a {@link QiCoreSourceConnector}. Needs only Kafka's clients, so that the config can be written where Connect is not on
 * the class path. Immutable and thread-safe.
 */
public final class SourceConnectorConfig {

    /** The value of {@code connector.class}. */
    public static final String CONNECTOR_CLASS = "io.qicore.mcp.kafka.connect.QiCoreSourceConnector";

    /** The {@code config} of {@code start_producer}, as JSON. */
    public static final String SOURCE = "source.config";

    /** The most records per second, instead of the rate in {@link #SOURCE}; 0 for no limit. */
    public static final String RATE = "source.rate";

    /**
     * Where the source begins if Connect has no offset of it, as a JSON object. The validation of a config recommends it: a source that
     * begins at the end of a log, for example, must find the same place again on another worker.
     */
    public static final String POSITION = "source.position";

    /** When the producer was started, in ISO 8601. Only shown. */
    public static final String STARTED = "source.started";

    /** What the properties of the Kafka clients of sources begin with, such as {@code kafka.bootstrap.servers}. */
    public static final String KAFKA_PREFIX = "kafka.";

    /** What the settings of the operator begin with, such as {@code setting.PRODUCER_REPLAY_DIRECTORY}. */
    public static final String SETTING_PREFIX = "setting.";

    /** The property with the brokers for sources that read Kafka. */
    public static final String BOOTSTRAP_SERVERS = KAFKA_PREFIX + CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;

    /** The properties with the converters of keys, values and headers. */
    static final String[] CONVERTERS = {"key.converter", "value.converter", "header.converter"};

    /** The converter of keys, values and headers: the records of sources are bytes already. */
    public static final String CONVERTER = "org.apache.kafka.connect.converters.ByteArrayConverter";

    /** The class name at the beginning of the trace of a task whose source has ended. */
    public static final String COMPLETED = "io.qicore.mcp.kafka.connect.SourceCompletedException";

    private static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    SOURCE,
                    Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    Importance.HIGH,
                    "The source and its settings as a JSON object, such as {\"type\":\"simulated\",\"topic\":\"prices\"}.")
            .define(
                    RATE,
                    Type.DOUBLE,
                    null,
                    Importance.MEDIUM,
                    "Most records per second, instead of the rate in source.config; 0 for no limit.")
            .define(
                    POSITION,
                    Type.STRING,
                    null,
                    Importance.LOW,
                    "Where the source begins if there is no offset of it yet, as a JSON object.")
            .define(STARTED, Type.STRING, null, Importance.LOW, "When the producer was started. Only shown.")
            .define(
                    BOOTSTRAP_SERVERS,
                    Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    Importance.HIGH,
                    "Brokers for sources that read Kafka; with other properties of Kafka's clients that begin with kafka.");

    private final SourceSpec spec;
    private final SourceContext context;
    private final double rate;
    private final SourcePosition begin;

    /**
     * Reads a config.
     *
     * @throws ConfigException if a property is missing or wrong
     * @throws MCPToolError if {@value #SOURCE} is not the config of a source; names what is wrong
     */
    public SourceConnectorConfig(Map<String, String> properties, SourceTypes types) {
        AbstractConfig config = new AbstractConfig(DEFINITION, properties, false);
        this.spec = types.read(json(SOURCE, config.getString(SOURCE)), SourceTypes.DEFAULT_TOPIC);
        Double chosen = config.getDouble(RATE);
        this.rate = chosen == null ? spec.rate() : chosen;
        if (!(rate >= 0 && rate <= SourceTypes.MAX_RATE)) {
            throw new ConfigException(RATE, chosen, "must be between 0 and " + SourceTypes.MAX_RATE);
        }
        spec.checkRate(rate);
        String position = config.getString(POSITION);
        this.begin = position == null ? spec.position() : SourcePosition.read(json(POSITION, position));
        Map<String, String> settings = new HashMap<>();
        properties.forEach((name, value) -> {
            if (name.startsWith(SETTING_PREFIX)) {
                settings.put(name.substring(SETTING_PREFIX.length()), value);
            }
        });
        this.context = new SourceContext(new KafkaConnection(config.originalsWithPrefix(KAFKA_PREFIX, true)), settings);
    }

    /** Returns the definition of the properties. */
    public static ConfigDef definition() {
        return new ConfigDef(DEFINITION);
    }

    /** Returns the properties with which a connector of this name runs a source. */
    public static Map<String, String> of(String name, SourceSpec spec) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("name", name);
        properties.put("connector.class", CONNECTOR_CLASS);
        properties.put("tasks.max", "1");
        for (String converter : CONVERTERS) {
            properties.put(converter, CONVERTER);
        }
        properties.put(SOURCE, withoutReferences(spec.config().toString()));
        return properties;
    }

    /**
     * Returns a JSON text that Connect leaves as it is: workers replace references such as <code>${file:…}</code> in any value by what they
     * stand for, so an agent could have secrets of the workers written to a topic.
     */
    public static String withoutReferences(String json) {
        // A dollar sign can only be in a text of JSON.
        return json.replace("$", "\\u0024");
    }

    /** Returns the source and its settings. */
    public SourceSpec spec() {
        return spec;
    }

    /** Returns the most records per second; 0 for no limit. */
    public double rate() {
        return rate;
    }

    /** Returns where the source begins if Connect has no offset of it. */
    public SourcePosition begin() {
        return begin;
    }

    /** Returns what the operator gives to the source. */
    public SourceContext context() {
        return context;
    }

    private static ObjectNode json(String name, String text) {
        try {
            if (Json.MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new ConfigException(name + " is not JSON: " + e.getOriginalMessage());
        }
        throw new ConfigException(name + " must be a JSON object.");
    }
}
