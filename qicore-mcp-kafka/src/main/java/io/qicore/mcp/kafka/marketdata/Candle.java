package io.qicore.mcp.kafka.marketdata;

import io.qicore.mcp.tool.Schema;
import java.time.Instant;
import java.util.Objects;

/**
 * The prices and the volume of a market in one interval (OHLCV). Immutable. {@link CandleJson} describes its JSON.
 *
 * <p>Data vendors deliver candles whose open lies slightly outside of the range, so {@code low <= open, close <= high} is
 * not checked. The simulated source guarantees it.
 *
 * @param symbol what was traded, such as {@code BTC}; never blank
 * @param time when the interval began
 * @param open first price
 * @param high highest price
 * @param low lowest price, at most {@code high}
 * @param close last price
 * @param volume amount traded, in units of the symbol; never negative
 */
public record Candle(
        @Schema("What was traded, such as BTC") String symbol,
        @Schema("When the interval began, ISO-8601") Instant time,
        @Schema("First price") double open,
        @Schema("Highest price") double high,
        @Schema("Lowest price") double low,
        @Schema("Last price") double close,
        @Schema("Amount traded, in units of the symbol") double volume) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names it
     */
    public Candle {
        if (symbol.isBlank()) {
            throw new IllegalArgumentException("'symbol' is blank");
        }
        Objects.requireNonNull(time, "time");
        requireFinite("open", open);
        requireFinite("high", high);
        requireFinite("low", low);
        requireFinite("close", close);
        requireFinite("volume", volume);
        if (low > high) {
            throw new IllegalArgumentException("'low' " + low + " is above 'high' " + high);
        }
        if (volume < 0) {
            throw new IllegalArgumentException("'volume' " + volume + " is negative");
        }
    }

    private static void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("'" + name + "' is not a finite number: " + value);
        }
    }
}
