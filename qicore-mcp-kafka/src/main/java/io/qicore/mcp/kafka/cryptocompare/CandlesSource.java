package io.qicore.mcp.kafka.cryptocompare;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the candles of each interval that is over: those of the past page by page, then each new one. Candles of a symbol come
 * in the order of their time. Its position is the time of the next candle of each symbol, in seconds since 1970.
 */
final class CandlesSource implements RecordSource {

    /** The most that the service returns is one more than its limit of 2000. */
    private static final int PAGE = 1_000;

    /** The service completes the last candle a moment after the interval has ended. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private static final Duration RETENTION_OF_MINUTES = Duration.ofDays(7);

    private final CryptoCompareType.Config config;
    private final Fetcher fetcher;
    private final Clock clock;
    private final long length;
    /** The time of the next candle of each symbol. */
    private final Map<String, Long> next = new LinkedHashMap<>();

    private final ArrayDeque<Candle> page = new ArrayDeque<>();
    private @Nullable Request request;
    private Instant notBefore = Instant.MIN;

    /** What is asked for: the candles of a symbol before a time. */
    private record Request(String symbol, long from, long end) {}

    CandlesSource(CryptoCompareType.Config config, Fetcher fetcher, SourcePosition from, Instant first, Clock clock) {
        this.config = config;
        this.fetcher = fetcher;
        this.clock = clock;
        this.length = config.length().toSeconds();
        for (String symbol : config.symbols()) {
            long time = from.findCount(symbol).orElse(first.getEpochSecond());
            if (time > clock.instant().plus(Duration.ofDays(2)).getEpochSecond()) {
                throw SourcePosition.wrong(symbol, "must not be in the future");
            }
            next.put(symbol, Math.floorDiv(time, length) * length);
        }
    }

    @Override
    public @Nullable SourceRecord poll(Duration timeout) throws InterruptedException {
        if (page.isEmpty() && !fetch(timeout)) {
            return null;
        }
        Candle candle = page.poll();
        if (candle == null) {
            return null;
        }
        next.put(candle.symbol(), candle.time().getEpochSecond() + length);
        return SourceRecord.of(candle.symbol(), CandleJson.write(candle));
    }

    /** Fetches the next page of the symbol that is most behind. Returns false if there is none yet. */
    private boolean fetch(Duration timeout) throws InterruptedException {
        long settled = settled();
        if (request == null) {
            request = next(settled);
        }
        Request asked = request;
        if (asked == null || clock.instant().isBefore(notBefore)) {
            Fetcher.pause(timeout);
            return false;
        }
        JsonNode answer = fetcher.fetch("/data/v2/histo" + config.candle(), query(asked), timeout);
        if (answer == null) {
            return false;
        }
        request = null;
        long expected = asked.from();
        for (Candle candle : Candles.in(answer, asked.symbol())) {
            long time = candle.time().getEpochSecond();
            if (time >= expected && time < asked.end()) {
                page.add(candle);
                expected = time + length;
            }
        }
        if (page.isEmpty()) {
            skip(asked, answer);
        }
        return !page.isEmpty();
    }

    /** Goes on after a time without candles: the currency was not traded then. But the service can also be late. */
    private void skip(Request asked, JsonNode answer) {
        long known = 0;
        for (JsonNode item : answer.path("Data").path("Data")) {
            known = Math.max(known, item.path("time").asLong() + length);
        }
        long end = Math.min(asked.end(), known);
        if (end > asked.from()) {
            next.put(asked.symbol(), end);
        } else {
            notBefore = clock.instant().plus(SETTLED);
        }
    }

    /** Returns the end of the last interval whose candle is complete. */
    private long settled() {
        return Math.floorDiv(clock.instant().minus(SETTLED).getEpochSecond(), length) * length;
    }

    private @Nullable Request next(long settled) {
        String symbol = config.symbols().get(0);
        for (Map.Entry<String, Long> entry : next.entrySet()) {
            if (entry.getValue() < next.getOrDefault(symbol, 0L)) {
                symbol = entry.getKey();
            }
        }
        long from = next.getOrDefault(symbol, settled);
        if (length == Duration.ofMinutes(1).toSeconds()) {
            long oldest = clock.instant().minus(RETENTION_OF_MINUTES).getEpochSecond();
            from = Math.max(from, Math.floorDiv(oldest, length) * length + length);
        }
        return from >= settled ? null : new Request(symbol, from, Math.min(settled, from + PAGE * length));
    }

    private Map<String, String> query(Request asked) {
        long candles = (asked.end() - asked.from()) / length;
        Map<String, String> query = new LinkedHashMap<>();
        query.put("fsym", asked.symbol());
        query.put("tsym", config.currency());
        // The service sends one candle more than the limit, which is at least 1. The last one has the given time.
        query.put("limit", String.valueOf(Math.max(1, candles - 1)));
        query.put("toTs", String.valueOf(asked.end() - length));
        return query;
    }

    @Override
    public boolean isEnded() {
        return !config.follow() && page.isEmpty() && request == null && next(settled()) == null;
    }

    @Override
    public SourcePosition position() {
        return new SourcePosition(new LinkedHashMap<>(next));
    }

    @Override
    public void close() {
        fetcher.close();
    }
}
