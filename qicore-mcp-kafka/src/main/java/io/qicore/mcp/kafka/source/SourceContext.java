package io.qicore.mcp.kafka.source;

import io.qicore.mcp.kafka.access.KafkaConnection;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator gives to sources, as opposed to the config, which agents write. Immutable.
 *
 * @param kafka the connection to the cluster that the records are written to
 * @param settings settings of the operator by key, such as {@code PRODUCER_REPLAY_DIRECTORY}
 */
public record SourceContext(KafkaConnection kafka, Map<String, String> settings) {

    /** Copies the settings. */
    public SourceContext {
        settings = Map.copyOf(settings);
    }

    /** Returns a setting; empty if the operator has not set it. */
    public Optional<String> setting(String key) {
        return Optional.ofNullable(settings.get(key)).filter(value -> !value.isBlank());
    }

    /** Returns the name of the record without the settings, which may be secret. */
    @Override
    public String toString() {
        return "SourceContext[" + kafka + ", " + settings.keySet() + "]";
    }
}
