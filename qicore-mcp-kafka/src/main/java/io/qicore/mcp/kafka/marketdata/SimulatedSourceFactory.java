package io.qicore.mcp.kafka.marketdata;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Opens sources of type {@code simulated}: geometric Brownian motions with realistic prices for well-known symbols. If the
 * config has {@code seed} and {@code startTime}, it always gives the same candles. Thread-safe.
 */
public final class SimulatedSourceFactory implements MarketDataSourceFactory {

    private static final List<String> DEFAULT_SYMBOLS = List.of("BTC", "ETH", "SOL", "XRP", "ADA", "DOGE");
    private static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final Clock clock;

    /** Creates a factory whose candles start at the current time by default. */
    public SimulatedSourceFactory() {
        this(Clock.systemUTC());
    }

    SimulatedSourceFactory(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return "simulated";
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("symbols", "list of symbols, default " + DEFAULT_SYMBOLS);
        settings.put("interval", "length of one candle in market time, 1s to 1d, default 1m");
        settings.put("startTime", "time of the first candle in ISO-8601, default: now");
        settings.put(
                "candlesPerSymbol",
                "number of candles of each symbol after which the producer ends, default: no end; required if rate is 0");
        settings.put("seed", "integer, default: random; the same seed and startTime give the same candles");
        settings.put("startPrices", "object with a price by symbol, default: by symbol");
        settings.put("volatility", "standard deviation per year, 0 to 10, default: by symbol (BTC 0.5)");
        settings.put("drift", "expected growth per year, -10 to 10, default 0.1");
        return Collections.unmodifiableMap(settings);
    }

    @Override
    public MarketDataSource open(SourceSettings settings) {
        List<String> symbols = settings.texts("symbols", DEFAULT_SYMBOLS);
        Map<String, Double> startPrices = settings.numbers("startPrices", 1e-9, 1e12);
        for (String symbol : startPrices.keySet()) {
            if (!symbols.contains(symbol)) {
                throw SourceSettings.unknown("symbol in startPrices", symbol, symbols);
            }
        }
        List<SymbolModel> models = symbols.stream()
                .map(symbol -> model(symbol, settings, startPrices))
                .toList();
        Duration interval = settings.duration("interval", DEFAULT_INTERVAL, Duration.ofSeconds(1), Duration.ofDays(1));
        Instant start = settings.time("startTime").orElseGet(() -> truncate(clock.instant(), interval));
        long seed = settings.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE)
                .orElseGet(() -> ThreadLocalRandom.current().nextLong());
        return new SimulatedSource(models, seed, start, interval, candlesPerSymbol(settings));
    }

    private static SymbolModel model(String symbol, SourceSettings settings, Map<String, Double> startPrices) {
        SymbolModel model = SymbolModel.of(symbol);
        return new SymbolModel(
                symbol,
                startPrices.getOrDefault(symbol, model.startPrice()),
                settings.number("drift", model.drift(), -10, 10),
                settings.number("volatility", model.volatility(), 0, 10),
                model.turnoverPerMinute());
    }

    private static long candlesPerSymbol(SourceSettings settings) {
        long count = settings.integer("candlesPerSymbol", 1, 1_000_000_000).orElse(UNLIMITED);
        // Without a limit of the rate or of the number, the producer would write until the disk is full.
        if (count == UNLIMITED && settings.number("rate", 1, 0, Double.MAX_VALUE) == 0) {
            throw SourceSettings.invalid("candlesPerSymbol", "is required if 'rate' is 0, which means no limit");
        }
        return count;
    }

    private static Instant truncate(Instant time, Duration interval) {
        long millis = interval.toMillis();
        return Instant.ofEpochMilli(Math.floorDiv(time.toEpochMilli(), millis) * millis);
    }
}
