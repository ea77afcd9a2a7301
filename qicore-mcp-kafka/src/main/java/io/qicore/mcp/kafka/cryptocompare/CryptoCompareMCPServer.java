package io.qicore.mcp.kafka.cryptocompare;

import io.qicore.mcp.engine.ServerInfo;
import io.qicore.mcp.kafka.internal.ModuleVersion;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolAnnotations;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prices and candles of crypto currencies from CryptoCompare's public REST interface: {@code get_price} and
 * {@code get_historical_ohlcv}. Works without an API key, within the limits that the service sets for that.
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

    /** The name that this server gives itself. */
    public static final String NAME = "crypto-compare-mcp-server";

    /** Where the public service is. */
    public static final URI DEFAULT_BASE_URL = URI.create("https://min-api.cryptocompare.com");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final CryptoCompareTools tools;

    /** A server that asks the public service without an API key. */
    public CryptoCompareMCPServer() {
        this(DEFAULT_BASE_URL, null);
    }

    /**
     * A server that asks another address, or with an API key.
     *
     * @param baseUrl {@code https}, or {@code http} on this machine or without a key
     * @param apiKey sent in the {@code Authorization} header; null for none
     * @throws IllegalArgumentException if the address is none, or would send the key unencrypted
     */
    public CryptoCompareMCPServer(URI baseUrl, @Nullable String apiKey) {
        super(new ServerInfo(NAME, ModuleVersion.current(), "CryptoCompare market data", null));
        this.tools = new CryptoCompareTools(new CryptoCompareClient(checked(baseUrl, apiKey), apiKey));
    }

    @Override
    public List<MCPTool> tools() {
        return List.of(
                MCPTool.builder("get_price", CryptoCompareTools.PriceArguments.class, CryptoCompareTools.Price.class)
                        .title("Current price")
                        .description("Current price of one crypto currency in one or several currencies, averaged over"
                                + " exchanges by CryptoCompare.")
                        .annotations(ToolAnnotations.readOnly().openWorld())
                        .handler(tools::getPrice)
                        .build(),
                MCPTool.builder(
                                "get_historical_ohlcv",
                                CryptoCompareTools.HistoryArguments.class,
                                CryptoCompareTools.History.class)
                        .title("Historical candles")
                        .description("Historical candles (open, high, low, close, volume) of one crypto currency from"
                                + " CryptoCompare, oldest first. Minutes go back seven days. The last candle may be that"
                                + " of the current interval, which is not over yet.")
                        .annotations(ToolAnnotations.readOnly().openWorld())
                        .handler(tools::getHistoricalOhlcv)
                        .build());
    }

    private static URI checked(URI baseUrl, @Nullable String apiKey) {
        String scheme = String.valueOf(baseUrl.getScheme()).toLowerCase(Locale.ROOT);
        String host = baseUrl.getHost();
        if (host == null
                || !(scheme.equals("https") || scheme.equals("http"))
                || baseUrl.getQuery() != null
                || baseUrl.getFragment() != null
                || baseUrl.getUserInfo() != null) {
            throw new IllegalArgumentException("The base URL of CryptoCompare must be like " + DEFAULT_BASE_URL
                    + ", without user, query or fragment.");
        }
        if (apiKey != null && scheme.equals("http") && !LOOPBACK.contains(host)) {
            throw new IllegalArgumentException(
                    "The base URL of CryptoCompare must be https, so that the API key is not sent unencrypted to "
                            + host + ".");
        }
        return baseUrl;
    }
}
