package io.qicore.mcp.kafka.marketdata;

import java.io.IOException;
import java.util.Map;

/**
 * Makes sources of one type from the {@code config} that an agent gives to {@code start_producer}. An application adds
 * its own types to {@code LocalProducerRuntime.builder(..).source(..)}.
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

    /** The value of the setting {@code type} that selects this factory. */
    String type();

    /**
     * The settings that {@link #open} reads, each with its meaning, unit and default in a few words: agents read them in
     * the tool's description, and any other setting is refused before {@code open} is called. Iterates in the order in
     * which agents see them. Without {@code type}, {@code topic} and {@code rate}, which every type has.
     */
    Map<String, String> settings();

    /**
     * Opens a source. Everything that can be checked now should be: what fails later fails unseen.
     *
     * @throws io.qicore.mcp.tool.MCPToolError if a setting is wrong; the getters of {@link SourceSettings} throw it
     * @throws MarketDataException if the data is wrong; the message reaches agents
     * @throws IOException if the source cannot be opened; the log gets the details, agents do not
     */
    MarketDataSource open(SourceSettings settings) throws IOException;
}
