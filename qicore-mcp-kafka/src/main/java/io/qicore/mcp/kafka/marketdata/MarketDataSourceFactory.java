package io.qicore.mcp.kafka.marketdata;

import java.io.IOException;
import java.util.Map;

/**
 * Opens sources of one type from the {@code config} that an agent passes to {@code start_producer}. An application adds
 * types of its own with {@code LocalProducerRuntime.builder(..).source(..)}.
 *
 * <pre>{@code
 * final class ExchangeFeed implements MarketDataSourceFactory {
 *     public String type() {
 *         return "exchange";
 *     }
 *
 *     public Map<String, String> settings() {
 *         return Map.of("symbols", "what to subscribe to");
 *     }
 *
 *     public MarketDataSource open(SourceSettings settings) throws IOException {
 *         return new ExchangeSource(settings.texts("symbols", List.of("BTC")));
 *     }
 * }
 * }</pre>
 *
 * <p>Implementations are thread-safe.
 */
public interface MarketDataSourceFactory {

    /** Returns the value of the setting {@code type} that selects this factory. */
    String type();

    /**
     * Returns the names of the settings that {@link #open} reads, each with a short text about its meaning, unit and
     * default. They become part of the description of the tool, in the order of iteration. Other settings are refused
     * before {@code open} is called, except {@code type}, {@code topic} and {@code rate}, which every type has and which
     * are not listed here.
     */
    Map<String, String> settings();

    /**
     * Opens a source. It should check everything that it can, because the agent does not see a later failure in the answer of
     * {@code start_producer}.
     *
     * @throws io.qicore.mcp.tool.MCPToolError if a setting is wrong; the getters of {@link SourceSettings} throw it
     * @throws MarketDataException if the data is wrong; agents see the message
     * @throws IOException if the source cannot be opened; the details are logged and not shown to agents
     */
    MarketDataSource open(SourceSettings settings) throws IOException;
}
