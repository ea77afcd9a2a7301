package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.internal.admin.CallTime;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.tool.MCPToolError;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The handlers of the tools, with their arguments and results. Thread-safe. */
final class CryptoCompareTools {

    // Without commas, which would ask for several symbols. The service allows 30 characters.
    private static final String SYMBOL = "^[A-Za-z0-9*@$._-]{1,30}$";

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

    Price getPrice(PriceArguments arguments, RequestContext context) throws InterruptedException {
        LinkedHashSet<String> currencies = new LinkedHashSet<>(arguments.currencies());
        for (String currency : currencies) {
            if (!currency.matches(SYMBOL)) {
                throw invalid("currencies", "'" + currency + "' is not the symbol of a currency, such as USD");
            }
        }
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
        JsonNode data = answer.path("Data").path("Data");
        if (!data.isArray()) {
            throw CryptoCompareErrors.unreadable("without candles", null);
        }
        List<Candle> candles = new ArrayList<>();
        for (JsonNode item : data) {
            // For times before a currency was traded, the service sends candles of zeros.
            if (item.path("close").asDouble() != 0 || item.path("open").asDouble() != 0) {
                candles.add(candle(arguments.symbol(), item));
            }
        }
        int first = Math.max(0, candles.size() - arguments.limit());
        return new History(
                arguments.symbol(),
                arguments.currency(),
                arguments.interval(),
                List.copyOf(candles.subList(first, candles.size())));
    }

    private static Candle candle(String symbol, JsonNode item) {
        try {
            return new Candle(
                    symbol,
                    Instant.ofEpochSecond(item.required("time").longValue()),
                    item.required("open").doubleValue(),
                    item.required("high").doubleValue(),
                    item.required("low").doubleValue(),
                    item.required("close").doubleValue(),
                    item.required("volumefrom").doubleValue());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw CryptoCompareErrors.unreadable("with an invalid candle: " + e.getMessage(), e);
        }
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
