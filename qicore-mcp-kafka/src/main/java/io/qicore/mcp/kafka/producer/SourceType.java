package io.qicore.mcp.kafka.producer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A type of source that a runtime supports, as it is described to agents. Immutable.
 *
 * @param type the value of the setting {@code type} that selects it
 * @param settings names of its other settings, in order, each with a short text about its meaning, unit and default
 */
public record SourceType(String type, Map<String, String> settings) {

    /** Copies the settings and keeps their order. */
    public SourceType {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
}
