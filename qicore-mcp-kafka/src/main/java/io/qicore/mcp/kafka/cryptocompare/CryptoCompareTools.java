package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.internal.admin.CallTime;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.PageCursor;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.Schema;
import io.qicore.mcp.tool.StandardErrorCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The handlers of the tools, with their arguments and results. Thread-safe. */
final class CryptoCompareTools {

    // Without commas, which would ask for several symbols. The service allows 30 characters.
    static final String SYMBOL = "^[A-Za-z0-9*@$._-]{1,30}$";

    private static final List<String> WINDOWS = List.of("second", "minute", "hour", "day", "month");

    private final CryptoCompareClient client;

    CryptoCompareTools(CryptoCompareClient client) {
        this.client = client;
    }

    /** The arguments of {@code get_price}. */
    record PriceArguments(
            @Schema(value = "Symbol of the crypto currency, upper-case, such as BTC", pattern = SYMBOL)
            String symbol,

            @Schema(
                    value = "Symbols of the currencies to price it in, such as USD, EUR or BTC",
                    minLength = 1,
                    maxLength = 20,
                    defaultValue = "[\"USD\"]")
            List<String> currencies) {}

    /** The result of {@code get_price}. */
    record Price(
            @Schema("Symbol of the crypto currency") String symbol,
            @Schema("Price of one unit in each currency") Map<String, Double> prices,

            @Schema("Currencies for which the service does not have a price")
            List<String> missing,

            @Schema("Time of the request to the service") Instant time) {}

    /** The arguments of {@code get_historical_ohlcv}. */
    record HistoryArguments(
            @Schema(value = "Symbol of the crypto currency, upper-case, such as BTC", pattern = SYMBOL)
            String symbol,

            @Schema(value = "Symbol of the currency to price it in", pattern = SYMBOL, defaultValue = "USD")
            String currency,

            @Schema(
                    value = "Length of each candle",
                    allowed = {"minute", "hour", "day"})
            String interval,

            @Schema(
                    value = "How many candles to return, counted back from the last one",
                    minimum = 1,
                    maximum = 2000,
                    defaultValue = "30")
            int limit,

            @Schema("Time of the last candle in ISO-8601 with an offset, such as 2026-11-22T10:00:00Z; default: now")
            @Nullable
            String until) {}

    /** The result of {@code get_historical_ohlcv}. */
    record History(
            @Schema("Symbol of the crypto currency") String symbol,
            @Schema("Symbol of the currency of the prices") String currency,

            @Schema("Length of each candle: minute, hour or day")
            String interval,

            @Schema("Oldest first; volume counts units of the symbol")
            List<Candle> candles) {}

    /** The arguments of {@code get_prices}. */
    record PricesArguments(
            @Schema(value = "Symbols of the crypto currencies, upper-case", minLength = 1, maxLength = 30)
            List<String> symbols,

            @Schema(
                    value = "Symbols of the currencies to price them in",
                    minLength = 1,
                    maxLength = 20,
                    defaultValue = "[\"USD\"]")
            List<String> currencies) {}

    /** The result of {@code get_prices}. */
    record Prices(
            @Schema("Price of one unit of each symbol in each currency, by symbol and currency")
            Map<String, Map<String, Double>> prices,

            @Schema("Pairs without a price, such as BTC-XYZ")
            List<String> missing,

            @Schema("Time of the request to the service") Instant time) {}

    /** The arguments of {@code list_symbols}. */
    record SymbolsArguments(
            @Schema(
                    value = "Text that symbol or name contain, in any case; default: all",
                    minLength = 1,
                    maxLength = 50)
            @Nullable
            String search,

            @Schema(value = "Maximum symbols", minimum = 1, maximum = 500, defaultValue = "50")
            int limit,

            @Schema("nextCursor of the page before") @Nullable
            String cursor) {}

    record NamedSymbol(
            @Schema("Symbol, such as BTC") String symbol,
            @Schema("Name, such as Bitcoin") String name) {}

    /** The result of {@code list_symbols}. */
    record Symbols(
            @Schema("Sorted by symbol") List<NamedSymbol> symbols,

            @Schema("Number of symbols that match, on all pages")
            int total,

            @Schema("Pass it as cursor for the next page; left out on the last one") @Nullable
            String nextCursor) {}

    record Window(
            @Schema("second, minute, hour, day or month") String window,
            @Schema("Requests in the current window") long made,
            @Schema("Requests that are left in it") long left) {}

    /** The arguments of {@code get_rate_limit}. */
    record NoArguments() {}

    /** The result of {@code get_rate_limit}. */
    record RateLimit(
            @Schema("Time windows, the shortest first") List<Window> windows) {}

    Prices getPrices(PricesArguments arguments, RequestContext context) throws InterruptedException {
        Set<String> symbols = checked("symbols", arguments.symbols());
        Set<String> currencies = checked("currencies", arguments.currencies());
        Map<String, String> query = new LinkedHashMap<>();
        query.put("fsyms", String.join(",", symbols));
        query.put("tsyms", String.join(",", currencies));
        JsonNode answer = client.get("/data/pricemulti", query, CallTime.toWait(context));
        Map<String, Map<String, Double>> prices = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (String symbol : symbols) {
            for (String currency : currencies) {
                JsonNode price = answer.path(symbol).path(currency);
                if (price.isNumber()) {
                    prices.computeIfAbsent(symbol, name -> new LinkedHashMap<>())
                            .put(currency, price.doubleValue());
                } else {
                    missing.add(symbol + "-" + currency);
                }
            }
        }
        return new Prices(prices, missing, Instant.now());
    }

    Symbols listSymbols(SymbolsArguments arguments, RequestContext context) throws InterruptedException {
        String search = arguments.search() == null ? "" : arguments.search().toLowerCase(Locale.ROOT);
        PageCursor cursor = PageCursor.of("list_symbols", search);
        String after = arguments.cursor() == null
                ? ""
                : cursor.read(arguments.cursor(), 1).get(0);
        JsonNode data = client.get("/data/all/coinlist", Map.of("summary", "true"), CallTime.toWait(context))
                .path("Data");
        if (!data.isObject()) {
            throw CryptoCompareErrors.unreadable("without symbols", null);
        }
        TreeMap<String, String> found = new TreeMap<>();
        for (JsonNode coin : data) {
            String symbol = coin.path("Symbol").asText();
            String name = coin.path("FullName").asText();
            if (!symbol.isBlank()
                    && (symbol + "\n" + name).toLowerCase(Locale.ROOT).contains(search)) {
                found.put(symbol, name);
            }
        }
        SortedMap<String, String> rest = found.tailMap(after, false);
        List<NamedSymbol> page = rest.entrySet().stream()
                .limit(arguments.limit())
                .map(coin -> new NamedSymbol(coin.getKey(), coin.getValue()))
                .toList();
        return new Symbols(
                page,
                found.size(),
                page.size() < rest.size()
                        ? cursor.write(List.of(page.get(page.size() - 1).symbol()))
                        : null);
    }

    RateLimit getRateLimit(NoArguments none, RequestContext context) throws InterruptedException {
        JsonNode data = client.get("/stats/rate/limit", Map.of(), CallTime.toWait(context))
                .path("Data");
        List<Window> windows = new ArrayList<>();
        for (String name : WINDOWS) {
            JsonNode made = data.path("calls_made").path(name);
            JsonNode left = data.path("calls_left").path(name);
            if (made.isNumber() && left.isNumber()) {
                windows.add(new Window(name, made.longValue(), left.longValue()));
            }
        }
        if (windows.isEmpty()) {
            throw CryptoCompareErrors.unreadable("without rate limits", null);
        }
        return new RateLimit(windows);
    }

    private static Set<String> checked(String argument, List<String> symbols) {
        for (String symbol : symbols) {
            if (!symbol.matches(SYMBOL)) {
                throw invalid(argument, "'" + symbol + "' is not a symbol, such as BTC or USD");
            }
        }
        return new LinkedHashSet<>(symbols);
    }

    Price getPrice(PriceArguments arguments, RequestContext context) throws InterruptedException {
        Set<String> currencies = checked("currencies", arguments.currencies());
        Map<String, String> query = new LinkedHashMap<>();
        query.put("fsym", arguments.symbol());
        query.put("tsyms", String.join(",", currencies));
        JsonNode answer = client.get("/data/price", query, CallTime.toWait(context));
        Map<String, Double> prices = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (String currency : currencies) {
            JsonNode price = answer.path(currency);
            if (price.isNumber()) {
                prices.put(currency, price.doubleValue());
            } else {
                missing.add(currency);
            }
        }
        return new Price(arguments.symbol(), prices, missing, Instant.now());
    }

    History getHistoricalOhlcv(HistoryArguments arguments, RequestContext context) throws InterruptedException {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("fsym", arguments.symbol());
        query.put("tsym", arguments.currency());
        // The service sends one candle more than the limit, and at least two.
        query.put("limit", String.valueOf(Math.max(arguments.limit() - 1, 1)));
        if (arguments.until() != null) {
            query.put("toTs", String.valueOf(time(arguments.until()).getEpochSecond()));
        }
        JsonNode answer = client.get("/data/v2/histo" + arguments.interval(), query, CallTime.toWait(context));
        List<Candle> candles = Candles.in(answer, arguments.symbol());
        int first = Math.max(0, candles.size() - arguments.limit());
        return new History(
                arguments.symbol(),
                arguments.currency(),
                arguments.interval(),
                List.copyOf(candles.subList(first, candles.size())));
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw invalid("until", "must be a time such as 2026-11-22T10:00:00Z, not '" + text + "'");
        }
    }

    private static MCPToolError invalid(String argument, String reason) {
        return new MCPToolError(
                StandardErrorCode.INVALID_ARGUMENT,
                "'" + argument + "': " + reason + ".",
                Map.of("argument", argument));
    }
}
