package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the current prices at an interval. Its position is the number of the interval since 1970 and how many symbols of it
 * have been delivered.
 */
final class PricesSource implements RecordSource {

    private static final String INTERVAL = "interval";
    private static final String SYMBOLS = "symbols";

    private static final Logger log = LoggerFactory.getLogger(PricesSource.class);

    private final CryptoCompareType.Config config;
    private final Fetcher fetcher;
    private final Clock clock;
    private long interval;
    private int delivered;
    private @Nullable JsonNode prices;
    private Instant asked = Instant.MIN;

    PricesSource(CryptoCompareType.Config config, Fetcher fetcher, SourcePosition from, Clock clock) {
        this.config = config;
        this.fetcher = fetcher;
        this.clock = clock;
        this.interval = from.findCount(INTERVAL).orElse(current());
        this.delivered = (int)
                Math.min(from.findCount(SYMBOLS).orElse(0), config.symbols().size());
        if (interval > current() + 1) {
            throw SourcePosition.wrong(INTERVAL, "must not be in the future");
        }
    }

    private long current() {
        return clock.instant().getEpochSecond() / config.intervalSeconds();
    }

    @Override
    public @Nullable SourceRecord poll(Duration timeout) throws InterruptedException {
        if (delivered == config.symbols().size()) {
            prices = null;
            delivered = 0;
            // Intervals in which nobody asked are left out: there is only the current price.
            interval = Math.max(interval + 1, current());
        }
        Instant due = Instant.ofEpochSecond(interval * config.intervalSeconds());
        Duration wait = Duration.between(clock.instant(), due);
        if (wait.compareTo(timeout) > 0) {
            Fetcher.pause(timeout);
            return null;
        }
        if (prices == null) {
            Fetcher.pause(wait);
            prices = fetcher.fetch(
                    "/data/pricemulti",
                    Fetcher.pricesOf(config.symbols(), config.currency()),
                    wait.isNegative() ? timeout : timeout.minus(wait));
            asked = clock.instant();
        }
        while (prices != null && delivered < config.symbols().size()) {
            String symbol = config.symbols().get(delivered);
            delivered++;
            JsonNode price = prices.path(symbol).path(config.currency());
            if (price.isNumber()) {
                return new Tick(symbol, config.currency(), asked, price.doubleValue()).record();
            }
            // Delisted, or not traded in this currency any more: the other symbols go on.
            log.debug("No price of {} in {}", symbol, config.currency());
        }
        return null;
    }

    @Override
    public boolean isEnded() {
        return false;
    }

    @Override
    public SourcePosition position() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(INTERVAL, interval);
        values.put(SYMBOLS, delivered);
        return new SourcePosition(values);
    }

    @Override
    public void close() {
        fetcher.close();
    }
}
