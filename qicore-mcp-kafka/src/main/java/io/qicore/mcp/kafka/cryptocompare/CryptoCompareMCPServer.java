package io.qicore.mcp.kafka.cryptocompare;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.internal.ModuleVersion;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolAnnotations;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets agents fetch prices and candles of crypto currencies from CryptoCompare's REST API: {@code get_price}, {@code get_prices},
 * {@code get_historical_ohlcv}, {@code list_symbols} and {@code get_rate_limit}. The service also answers without an API key, within narrower limits.
 *
 * <pre>{@code
 * var server = new CryptoCompareMCPServer();
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://min-api.cryptocompare.com/documentation">CryptoCompare API documentation</a>
 */
public final class CryptoCompareMCPServer extends StatelessMCPServer {

    /** The name that this server reports to clients. */
    public static final String NAME = "crypto-compare-mcp-server";

    private final CryptoCompareTools tools;

    /** Creates a server with {@link ServerSettings#defaults()} for the public service, without an API key. */
    public CryptoCompareMCPServer() {
        this(CryptoCompareSettings.DEFAULT_BASE_URL, null, ServerSettings.defaults());
    }

    /**
     * Creates a server.
     *
     * @param baseUrl address of the service; with an API key it must be {@code https}, unless it is on this machine
     * @param apiKey sent in the {@code Authorization} header; null for none
     * @param settings limits and transports
     * @throws IllegalArgumentException if the address is not an HTTP URL, or the key would be sent unencrypted
     */
    public CryptoCompareMCPServer(URI baseUrl, @Nullable String apiKey, ServerSettings settings) {
        super(new ServerInfo(NAME, ModuleVersion.current(), "CryptoCompare market data", null), settings);
        this.tools = new CryptoCompareTools(new CryptoCompareClient(
                CryptoCompareClient.http(), CryptoCompareSettings.checked(baseUrl, "https", apiKey), apiKey));
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(
                MCPTool.builder("get_price", CryptoCompareTools.PriceArguments.class, CryptoCompareTools.Price.class)
                        .title("Get the current price")
                        .description(
                                "Fetches the current price of one crypto currency in one or several currencies from"
                                        + " CryptoCompare, which averages over exchanges. Use get_historical_ohlcv for prices"
                                        + " of the past.")
                        .annotations(ToolAnnotations.readOnly().openWorld())
                        .handler(tools::getPrice)
                        .build(),
                MCPTool.builder(
                                "get_historical_ohlcv",
                                CryptoCompareTools.HistoryArguments.class,
                                CryptoCompareTools.History.class)
                        .title("Get historical candles")
                        .description(
                                "Fetches historical candles (open, high, low, close, volume) of one crypto currency"
                                        + " from CryptoCompare, oldest first. Candles of a minute reach back seven days. The last"
                                        + " candle may belong to the current interval, which is not over yet. Use get_price if"
                                        + " you need only the current price.")
                        .annotations(ToolAnnotations.readOnly().openWorld())
                        .handler(tools::getHistoricalOhlcv)
                        .build(),
                MCPTool.builder("get_prices", CryptoCompareTools.PricesArguments.class, CryptoCompareTools.Prices.class)
                        .title("Get current prices")
                        .description(
                                "Fetches the current prices of several crypto currencies from CryptoCompare with one"
                                        + " request. Use it instead of several calls of get_price.")
                        .annotations(ToolAnnotations.readOnly().openWorld())
                        .handler(tools::getPrices)
                        .build(),
                MCPTool.builder(
                                "list_symbols",
                                CryptoCompareTools.SymbolsArguments.class,
                                CryptoCompareTools.Symbols.class)
                        .title("List symbols")
                        .description(
                                "Lists the crypto currencies that CryptoCompare knows, by symbol, or finds those whose"
                                        + " symbol or name contains a text. Use it when a symbol is unknown.")
                        .annotations(ToolAnnotations.readOnly().openWorld())
                        .handler(tools::listSymbols)
                        .build(),
                MCPTool.builder(
                                "get_rate_limit",
                                CryptoCompareTools.NoArguments.class,
                                CryptoCompareTools.RateLimit.class)
                        .title("Get the rate limit")
                        .description(
                                "Returns how many requests CryptoCompare has answered to this server, and how many are"
                                        + " left, for each time window. Use it before many calls, or after RATE_LIMITED.")
                        .annotations(ToolAnnotations.readOnly().openWorld())
                        .handler(tools::getRateLimit)
                        .build());
    }
}
