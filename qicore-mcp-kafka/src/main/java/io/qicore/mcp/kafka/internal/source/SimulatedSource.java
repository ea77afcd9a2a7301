package io.qicore.mcp.kafka.internal.source;

import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceRecord;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Simulates candles with a geometric Brownian motion. For each interval it delivers one candle of each symbol. The same
 * seed and models give the same prices on every machine, because {@link Random} and {@link StrictMath} specify every bit of
 * their results.
 */
final class SimulatedSource implements RecordSource {

    private static final int STEPS_PER_CANDLE = 12;
    private static final double VOLUME_SPREAD = 0.5;
    private static final double SECONDS_PER_YEAR = Duration.ofDays(365).toSeconds();
    // Rounding keeps the order of prices, so low, high, open and close of a rounded candle stay consistent.
    private static final MathContext PRECISION = new MathContext(7);

    private final List<Market> markets;
    private final long seed;
    private final Instant start;
    private final Duration interval;
    private final long candles;
    private final long skipped;
    private long next;

    /**
     * Creates a source.
     *
     * @param candles number of candles of all symbols after which the source ends
     * @param skipped number of candles that an earlier source has delivered
     */
    SimulatedSource(List<SymbolModel> models, long seed, Instant start, Duration interval, long candles, long skipped) {
        double years = interval.toNanos() / 1e9 / SECONDS_PER_YEAR / STEPS_PER_CANDLE;
        this.markets =
                models.stream().map(model -> new Market(model, seed, years)).toList();
        this.seed = seed;
        this.start = start;
        this.interval = interval;
        this.candles = candles;
        this.skipped = skipped;
    }

    @Override
    public @Nullable SourceRecord poll(Duration timeout) throws InterruptedException {
        // Random numbers follow each other, so what was delivered has to be computed again.
        long deadline = System.nanoTime() + timeout.toNanos();
        while (next < skipped) {
            nextCandle();
            if (Thread.interrupted()) {
                throw new InterruptedException("Interrupted while skipping candles");
            }
            if (System.nanoTime() - deadline > 0) {
                return null;
            }
        }
        if (isEnded()) {
            return null;
        }
        Candle candle = nextCandle();
        return SourceRecord.of(candle.symbol(), CandleJson.write(candle));
    }

    @Override
    public boolean isEnded() {
        return next == candles;
    }

    @Override
    public SourcePosition position() {
        return new SourcePosition(Map.of(
                "candles",
                Math.max(next, skipped),
                "seed",
                Math.max(seed, 0),
                "startTime",
                Math.max(start.toEpochMilli(), 0)));
    }

    private Candle nextCandle() {
        Instant time = start.plus(interval.multipliedBy(next / markets.size()));
        Candle candle = markets.get((int) (next % markets.size())).trade(time, interval);
        next++;
        return candle;
    }

    @Override
    public void close() {}

    /** The market of one symbol. It has random numbers of its own, so other symbols do not change its prices. */
    private static final class Market {

        private final SymbolModel model;
        private final Random random;
        private final double stepDrift;
        private final double stepDeviation;
        private double price;

        Market(SymbolModel model, long seed, double yearsPerStep) {
            this.model = model;
            this.random = new Random(mix(seed ^ model.symbol().hashCode()));
            this.stepDrift = (model.drift() - model.volatility() * model.volatility() / 2) * yearsPerStep;
            this.stepDeviation = model.volatility() * StrictMath.sqrt(yearsPerStep);
            this.price = model.startPrice();
        }

        Candle trade(Instant time, Duration interval) {
            double open = price;
            double high = open;
            double low = open;
            for (int step = 0; step < STEPS_PER_CANDLE; step++) {
                price *= StrictMath.exp(stepDrift + stepDeviation * random.nextGaussian());
                // Extreme settings must not drive it out of the range of doubles.
                price = Math.min(Math.max(price, 1e-12), 1e15);
                high = Math.max(high, price);
                low = Math.min(low, price);
            }
            double turnover = model.turnoverPerMinute() * interval.toMillis() / 60_000;
            double volume = turnover / price * StrictMath.exp(VOLUME_SPREAD * random.nextGaussian());
            return new Candle(model.symbol(), time, round(open), round(high), round(low), round(price), round(volume));
        }

        /**
         * Spreads a seed with the finalizer of SplitMix64, because the first numbers of {@link Random} are similar for
         * neighbouring seeds.
         */
        private static long mix(long seed) {
            long z = seed + 0x9E3779B97F4A7C15L;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }

        private static double round(double value) {
            return new BigDecimal(value).round(PRECISION).doubleValue();
        }
    }
}
