package io.qicore.mcp.kafka.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.access.KafkaErrorCode;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RecordSchema;
import io.qicore.mcp.tool.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The types of sources that a runtime supports. Reads the {@code config} of a producer, in the same way for every runtime.
 * Immutable and thread-safe.
 */
public final class SourceTypes {

    /** The type of a config that does not name one. */
    public static final String DEFAULT_TYPE = "simulated";

    /** The default topic of producers whose config does not name one. */
    public static final String DEFAULT_TOPIC = "crypto-ohlcv";

    /** The highest rate of a producer, in records per second. */
    public static final int MAX_RATE = 1_000_000;

    private static final RecordSchema<Common> COMMON = RecordSchema.of("config", Common.class);

    private final Map<String, Entry<?>> types;

    private SourceTypes(Map<String, Entry<?>> types) {
        this.types = types;
    }

    /** The settings of every producer. */
    record Common(
            @Schema(value = "Type of the source", defaultValue = DEFAULT_TYPE)
            String type,

            @Schema(
                    value = "Topic to write to, which must exist; default: the server's",
                    minLength = 1,
                    maxLength = 249)
            @Nullable
            String topic,

            @Schema(
                    value =
                            "Most records per second, 0 for no limit; default 10, but 0 if the source has a pace of its own",
                    minimum = 0,
                    maximum = MAX_RATE)
            @Nullable
            Double rate,

            @Schema("Where to go on, as get_producer_status returned it; default: at the start") @Nullable
            ObjectNode position) {}

    /** A type and its schema, which is made when it is needed first. */
    private static final class Entry<C extends Record> {

        private final SourceType<C> type;
        private @Nullable RecordSchema<C> schema;

        private Entry(SourceType<C> type) {
            this.type = type;
        }

        private synchronized RecordSchema<C> schema() {
            RecordSchema<C> made = schema;
            if (made == null) {
                made = RecordSchema.of("the config of type '" + type.name() + "'", type.configType());
                schema = made;
            }
            return made;
        }

        private SourceSpec read(Common common, ObjectNode own, String topic) {
            C config = schema().read(own);
            double rate = common.rate() == null ? type.defaultRate(config) : common.rate();
            SourcePosition position =
                    common.position() == null ? SourcePosition.START : SourcePosition.read(common.position());
            return SourceSpec.of(type, config, topic, rate, position);
        }
    }

    /**
     * Returns the types that {@link ServiceLoader} finds, in their order.
     *
     * @throws IllegalStateException if two of them have the same name
     */
    public static SourceTypes discover() {
        Map<String, Entry<?>> found = new LinkedHashMap<>();
        for (SourceType<?> type : ServiceLoader.load(SourceType.class)) {
            Entry<?> other = found.put(type.name(), new Entry<>(type));
            if (other != null) {
                throw new IllegalStateException("Two types of sources are named '" + type.name() + "': "
                        + other.type.getClass().getName() + " and "
                        + type.getClass().getName() + ".");
            }
        }
        return new SourceTypes(Collections.unmodifiableMap(found));
    }

    /**
     * Returns these types and another one, which replaces a type with the same name.
     *
     * @throws IllegalArgumentException if its name is blank
     */
    public SourceTypes with(SourceType<?> type) {
        if (type.name().isBlank()) {
            throw new IllegalArgumentException(
                    "The name of a source type must not be blank, as it is for " + type + ".");
        }
        Map<String, Entry<?>> more = new LinkedHashMap<>(types);
        more.put(type.name(), new Entry<>(type));
        return new SourceTypes(Collections.unmodifiableMap(more));
    }

    /** Returns the types, in the order in which agents see them. */
    public Collection<SourceType<?>> all() {
        List<SourceType<?>> all = new ArrayList<>();
        types.values().forEach(entry -> all.add(entry.type));
        return Collections.unmodifiableList(all);
    }

    /** Returns the names of the types. */
    public Collection<String> names() {
        return types.keySet();
    }

    /**
     * Returns the JSON Schema of the {@code config} of a type, with the settings of every producer.
     *
     * @throws MCPToolError if there is no such type; the error lists the types
     */
    public ObjectNode schema(String type) {
        ObjectNode schema = entry(type).schema().schema();
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        properties.setAll((ObjectNode) COMMON.schema().path("properties"));
        ((ObjectNode) properties.path("type")).removeAll().put("const", type);
        properties.setAll(schema.withObjectProperty("properties"));
        schema.set("properties", properties);
        return schema;
    }

    /**
     * Reads a config.
     *
     * @param defaultTopic the topic if the config does not name one
     * @throws MCPToolError {@link KafkaErrorCode#INVALID_PRODUCER_CONFIG} if a setting is unknown or wrong; names it
     */
    public SourceSpec read(ObjectNode config, String defaultTopic) {
        ObjectNode common = JsonNodeFactory.instance.objectNode();
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        ObjectNode shared = (ObjectNode) COMMON.schema().path("properties");
        config.properties().forEach(setting -> (shared.has(setting.getKey()) ? common : own)
                .set(setting.getKey(), setting.getValue()));
        try {
            Common read = COMMON.read(common);
            Entry<?> entry = entry(read.type());
            requireKnown(own, entry, shared);
            return entry.read(read, own, read.topic() == null ? defaultTopic : read.topic());
        } catch (MCPToolError e) {
            throw e.is(KafkaErrorCode.INVALID_PRODUCER_CONFIG) ? e : wrong(e);
        }
    }

    private Entry<?> entry(String type) {
        Entry<?> entry = types.get(type);
        if (entry == null) {
            throw SourceErrors.unknown("source type", type, types.keySet());
        }
        return entry;
    }

    private static void requireKnown(ObjectNode own, Entry<?> entry, ObjectNode shared) {
        List<String> known = new ArrayList<>();
        shared.fieldNames().forEachRemaining(known::add);
        entry.schema().schema().path("properties").fieldNames().forEachRemaining(known::add);
        own.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw SourceErrors.unknown("setting of type '" + entry.type.name() + "'", name, known);
            }
        });
    }

    private static MCPToolError wrong(MCPToolError error) {
        return new MCPToolError(
                KafkaErrorCode.INVALID_PRODUCER_CONFIG,
                error.getMessage() + " list_source_types returns the settings of each type.",
                error.context(),
                error);
    }
}
