package io.qicore.mcp.kafka.connect;

import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceException;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.Json;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a source of {@link SourceTypes} on a Kafka Connect cluster, with one task. {@code source.config} is the {@code config} of
 * {@code start_producer}:
 *
 * <pre>{@code
 * {
 *   "name": "prices",
 *   "connector.class": "io.qicore.mcp.kafka.connect.QiCoreSourceConnector",
 *   "key.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
 *   "value.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
 *   "header.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
 *   "kafka.bootstrap.servers": "broker:9092",
 *   "source.config": "{\"type\": \"simulated\", \"topic\": \"prices\", \"rate\": 5}"
 * }
 * }</pre>
 *
 * <p>Connect stores the position of the source as its offset, so that a task that is moved goes on where it was. When a config is
 * validated, the source is opened and closed again.
 */
public final class QiCoreSourceConnector extends SourceConnector {

    private static final Logger log = LoggerFactory.getLogger(QiCoreSourceConnector.class);

    private Map<String, String> properties = Map.of();

    /** Creates a connector, for Connect. */
    public QiCoreSourceConnector() {}

    @Override
    public String version() {
        return Version.TEXT;
    }

    @Override
    public ConfigDef config() {
        return SourceConnectorConfig.definition();
    }

    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        Config config = super.validate(connectorConfigs);
        boolean complete = config.configValues().stream()
                .allMatch(value -> value.errorMessages().isEmpty());
        if (complete) {
            ConfigValue source = value(config, SourceConnectorConfig.SOURCE);
            String error = error(connectorConfigs, value(config, SourceConnectorConfig.POSITION));
            if (error != null) {
                source.addErrorMessage(error);
            }
        }
        return config;
    }

    private static ConfigValue value(Config config, String name) {
        return config.configValues().stream()
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Returns what is wrong, after the code of the error; null if the source can be opened.
     *
     * @param position gets the position of the opened source as its recommended value
     */
    private static @Nullable String error(Map<String, String> properties, ConfigValue position) {
        for (String converter : SourceConnectorConfig.CONVERTERS) {
            if (!SourceConnectorConfig.CONVERTER.equals(properties.get(converter))) {
                return "The records are bytes already: set " + converter + " to " + SourceConnectorConfig.CONVERTER
                        + ".";
            }
        }
        try {
            SourceConnectorConfig config = new SourceConnectorConfig(properties, SourceTypes.discover());
            try (RecordSource source = config.spec().open(config.begin(), config.context())) {
                position.recommendedValues(List.of(
                        Json.MAPPER.valueToTree(source.position().values()).toString()));
            }
            return null;
        } catch (ConfigException e) {
            return e.getMessage();
        } catch (MCPToolError e) {
            return e.code() + ": " + e.getMessage();
        } catch (SourceException e) {
            return "The source cannot be opened: " + e.getMessage();
        } catch (IOException | RuntimeException e) {
            log.warn("The source of connector {} cannot be opened", properties.get("name"), e);
            return StandardErrorCode.EXTERNAL_SERVICE_ERROR.name() + ": The source cannot be opened ("
                    + e.getClass().getSimpleName() + "; the worker's log has the details).";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return StandardErrorCode.EXTERNAL_SERVICE_ERROR.name() + ": The validation was interrupted.";
        }
    }

    @Override
    public void start(Map<String, String> props) {
        properties = Map.copyOf(props);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return QiCoreSourceTask.class;
    }

    /** Returns the config of the one task: records with the same key must stay in their order. */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(properties);
    }

    @Override
    public void stop() {}

    /** Every record has the position behind it, and a source that is opened there goes on with the next one. */
    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
        offsets.forEach((partition, offset) -> {
            // An offset that is null is deleted, whatever its partition.
            if (offset != null) {
                if (!partition.equals(SourceOffset.partition(connectorConfig.getOrDefault("name", "")))) {
                    throw new ConfigException("The partition of this connector is "
                            + SourceOffset.partition(connectorConfig.getOrDefault("name", "")) + ".");
                }
                try {
                    SourceOffset.of(offset);
                } catch (IllegalArgumentException e) {
                    throw new ConfigException(e.getMessage());
                }
            }
        });
        return true;
    }
}
