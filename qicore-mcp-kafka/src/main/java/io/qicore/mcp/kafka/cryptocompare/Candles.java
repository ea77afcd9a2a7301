package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.marketdata.Candle;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads the candles in an answer of {@code /data/v2/histominute}, {@code histohour} and {@code histoday}. */
final class Candles {

    private Candles() {}

    /**
     * Returns the candles in the order of the answer.
     *
     * @throws io.qicore.mcp.tool.MCPToolError if the answer has no list of candles, or one is wrong
     */
    static List<Candle> in(JsonNode answer, String symbol) {
        JsonNode data = answer.path("Data").path("Data");
        if (!data.isArray()) {
            throw CryptoCompareErrors.unreadable("without candles", null);
        }
        List<Candle> candles = new ArrayList<>();
        for (JsonNode item : data) {
            // For times before a currency was traded, the service sends candles of zeros.
            if (item.path("close").asDouble() != 0 || item.path("open").asDouble() != 0) {
                candles.add(candle(symbol, item));
            }
        }
        return candles;
    }

    private static Candle candle(String symbol, JsonNode item) {
        try {
            JsonNode time = item.required("time");
            if (!time.isIntegralNumber()) {
                throw new IllegalArgumentException("'time' is not a whole number");
            }
            return new Candle(
                    symbol,
                    Instant.ofEpochSecond(time.longValue()),
                    number(item, "open"),
                    number(item, "high"),
                    number(item, "low"),
                    number(item, "close"),
                    number(item, "volumefrom"));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw CryptoCompareErrors.unreadable("with an invalid candle: " + e.getMessage(), e);
        }
    }

    /** Text would become the number 0. */
    private static double number(JsonNode item, String name) {
        JsonNode number = item.required(name);
        if (!number.isNumber()) {
            throw new IllegalArgumentException("'" + name + "' is not a number");
        }
        return number.doubleValue();
    }
}
