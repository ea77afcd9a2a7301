package io.qicore.mcp.kafka.marketdata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.tool.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Reads and writes candles as JSON objects, which are the values of the records that producers write:
 * {@code {"symbol":"BTC","time":"2026-11-22T10:00:00Z","open":1,"high":2,"low":0.5,"close":1.5,"volume":10}}.
 * Thread-safe.
 */
public final class CandleJson {

    /** The members of a candle, in their order. */
    public static final List<String> FIELDS = CandleFields.NAMES;

    private CandleJson() {}

    /** Returns the candle as UTF-8 JSON on one line. */
    public static byte[] write(Candle candle) {
        try {
            return Json.MAPPER.writeValueAsBytes(candle);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("Cannot write " + candle, e);
        }
    }

    /**
     * Reads a candle. Unknown members are ignored; {@code time} may also be seconds or milliseconds
     * since 1970, and numbers may be given as text.
     *
     * @throws MarketDataException if it is not a JSON object, or a member is missing or wrong; the message names the member
     */
    public static Candle read(byte[] json) throws MarketDataException {
        JsonNode node;
        try {
            node = Json.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new MarketDataException("not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MarketDataException("not JSON", e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw new MarketDataException("not a JSON object");
        }
        return CandleFields.read(name -> {
            JsonNode member = object.get(name);
            return member != null && member.isValueNode() && !member.isNull() ? member.asText() : null;
        });
    }
}
