package io.qicore.mcp.kafka.internal.source;

import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceContext;
import io.qicore.mcp.kafka.source.SourceErrors;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceType;
import io.qicore.mcp.tool.Schema;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sources of type {@code simulated}: geometric Brownian motions with realistic prices for well-known symbols. If the config has
 * {@code seed} and {@code startTime}, it always gives the same candles.
 */
public final class SimulatedType implements SourceType<SimulatedType.Config> {

    private static final List<String> DEFAULT_SYMBOLS = List.of("BTC", "ETH", "SOL", "XRP", "ADA", "DOGE");
    private static final double MIN_PRICE = 1e-9;
    private static final double MAX_PRICE = 1e12;
    // Larger numbers lose digits in clients that read numbers as double.
    private static final long MAX_SEED = 1L << 53;

    // A source computes again what it has delivered before its position: about two minutes for these.
    private static final long MAX_POSITION = 100_000_000;

    private final Clock clock;

    /** Creates the type, for {@link java.util.ServiceLoader}. */
    public SimulatedType() {
        this(Clock.systemUTC());
    }

    SimulatedType(Clock clock) {
        this.clock = clock;
    }

    /** The settings. */
    public record Config(
            @Schema(value = "Symbols; default BTC, ETH, SOL, XRP, ADA, DOGE", minLength = 1, maxLength = 1000) @Nullable
            List<String> symbols,

            @Schema(value = "Length of one candle in market time, 1s to 1d", defaultValue = "1m")
            String interval,

            @Schema("Time of the first candle, such as 2026-11-22T10:00:00Z; default: now") @Nullable
            String startTime,

            @Schema(
                    value =
                            "Candles of each symbol after which the producer completes; default: no end. Required if rate is 0",
                    minimum = 1,
                    maximum = 1_000_000_000)
            @Nullable
            Long candlesPerSymbol,

            @Schema("The same seed and startTime give the same candles; default: random") @Nullable
            Long seed,

            @Schema("First price by symbol; default: a realistic one") @Nullable
            Map<String, Double> startPrices,

            @Schema(value = "Standard deviation per year; default by symbol, 0.5 for BTC", minimum = 0, maximum = 10)
            @Nullable
            Double volatility,

            @Schema(value = "Expected growth per year; default 0.1", minimum = -10, maximum = 10) @Nullable
            Double drift) {

        /** Checks what the schema does not. */
        public Config {
            symbols = SettingValues.names("symbols", symbols == null ? DEFAULT_SYMBOLS : symbols);
            interval(interval);
            startTime = startTime == null
                    ? null
                    : SettingValues.time("startTime", startTime).toString();
            startPrices = startPrices == null ? Map.of() : Map.copyOf(startPrices);
            for (Map.Entry<String, Double> price : startPrices.entrySet()) {
                if (!symbols.contains(price.getKey())) {
                    throw SourceErrors.unknown("symbol in startPrices", price.getKey(), symbols);
                }
                if (price.getValue() < MIN_PRICE || price.getValue() > MAX_PRICE) {
                    throw SourceErrors.invalid(
                            "startPrices." + price.getKey(), "must be a number from " + MIN_PRICE + " to " + MAX_PRICE);
                }
            }
        }

        List<SymbolModel> models() {
            return symbolNames().stream().map(this::model).toList();
        }

        private List<String> symbolNames() {
            return symbols == null ? DEFAULT_SYMBOLS : symbols;
        }

        private SymbolModel model(String symbol) {
            SymbolModel model = SymbolModel.of(symbol);
            Double price = startPrices == null ? null : startPrices.get(symbol);
            return new SymbolModel(
                    symbol,
                    price == null ? model.startPrice() : price,
                    drift == null ? model.drift() : drift,
                    volatility == null ? model.volatility() : volatility,
                    model.turnoverPerMinute());
        }

        long candles() {
            return candlesPerSymbol == null
                    ? Long.MAX_VALUE
                    : candlesPerSymbol * symbolNames().size();
        }

        static Duration interval(String text) {
            return SettingValues.duration("interval", text, Duration.ofSeconds(1), Duration.ofDays(1));
        }
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public String description() {
        return "Invented market data: candles (OHLCV) as JSON, keyed by symbol.";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public void checkRate(Config config, double rate) {
        // Without a limit of the rate or of the number, the producer would write until the disk is full.
        if (rate == 0 && config.candlesPerSymbol() == null) {
            throw SourceErrors.invalid("candlesPerSymbol", "is required if 'rate' is 0, which means no limit");
        }
    }

    @Override
    public RecordSource open(Config config, SourcePosition from, SourceContext context) {
        Duration interval = Config.interval(config.interval());
        long seed = config.seed() != null
                ? config.seed()
                : from.findCount("seed")
                        .orElseGet(() -> ThreadLocalRandom.current().nextLong(MAX_SEED));
        Instant start = config.startTime() != null
                ? Instant.parse(config.startTime())
                : Instant.ofEpochMilli(
                        from.findCount("startTime").orElseGet(() -> truncated(clock.millis(), interval)));
        long delivered = from.isStart() ? 0 : from.count("candles");
        if (delivered > Math.min(config.candles(), MAX_POSITION)) {
            throw SourcePosition.wrong(
                    "candles", "must be at most " + Math.min(config.candles(), MAX_POSITION) + " with this config");
        }
        return new SimulatedSource(config.models(), seed, start, interval, config.candles(), delivered);
    }

    private static long truncated(long millis, Duration interval) {
        return Math.floorDiv(millis, interval.toMillis()) * interval.toMillis();
    }
}
