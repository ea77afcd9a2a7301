package io.qicore.mcp.kafka.producer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.kafka.marketdata.MarketDataSourceFactory;
import io.qicore.mcp.kafka.marketdata.SourceSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The validated {@code config} of {@code start_producer}.
 *
 * @param factory opens the source
 * @param topic the topic to write to
 * @param rate candles per second in total; 0 for no limit
 * @param settings all settings, for the factory
 */
record ProducerSpec(MarketDataSourceFactory factory, String topic, double rate, SourceSettings settings) {

    static final String TYPE = "type";
    static final String TOPIC = "topic";
    static final String RATE = "rate";
    static final String DEFAULT_TYPE = "simulated";
    static final double DEFAULT_RATE = 10;
    static final double MAX_RATE = 1_000_000;

    /**
     * Validates a config.
     *
     * @param factories by type
     * @throws io.qicore.mcp.tool.MCPToolError if a setting is unknown or wrong
     */
    static ProducerSpec read(ObjectNode json, Map<String, MarketDataSourceFactory> factories, String defaultTopic) {
        SourceSettings settings = new SourceSettings(json);
        String type = settings.text(TYPE).orElse(DEFAULT_TYPE);
        MarketDataSourceFactory factory = factories.get(type);
        if (factory == null) {
            throw SourceSettings.unknown("producer type", type, factories.keySet());
        }
        List<String> known = new ArrayList<>(List.of(TYPE, TOPIC, RATE));
        known.addAll(factory.settings().keySet());
        settings.requireOnly(known);
        return new ProducerSpec(
                factory,
                settings.text(TOPIC).orElse(defaultTopic),
                settings.number(RATE, DEFAULT_RATE, 0, MAX_RATE),
                settings);
    }

    String type() {
        return factory.type();
    }
}
