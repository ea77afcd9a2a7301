package io.qicore.mcp.kafka.producer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A type of source that a runtime can start, as agents read about it. Immutable.
 *
 * @param type the value of the setting {@code type}
 * @param settings its other settings, each with its meaning, unit and default in a few words, in order
 */
public record SourceType(String type, Map<String, String> settings) {

    /** Copies the settings and keeps their order. */
    public SourceType {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
}
