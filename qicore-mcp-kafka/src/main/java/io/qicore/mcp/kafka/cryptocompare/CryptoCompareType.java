package io.qicore.mcp.kafka.cryptocompare;

import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceContext;
import io.qicore.mcp.kafka.source.SourceErrors;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceType;
import io.qicore.mcp.tool.Schema;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sources of type {@code crypto-compare}, which deliver prices of crypto currencies from CryptoCompare: candles of the past and
 * the present, current prices at an interval, or the stream of price changes. Addresses and API key are settings of the operator,
 * {@link CryptoCompareSettings}.
 */
public final class CryptoCompareType implements SourceType<CryptoCompareType.Config> {

    private static final Duration LONGEST_MINUTES = Duration.ofDays(7);
    private static final int MIN_INTERVAL_SECONDS = 1;
    private static final int MAX_INTERVAL_SECONDS = 86_400;

    private final Clock clock;
    private @Nullable HttpClient http;

    /** Creates the type, for {@link java.util.ServiceLoader}. */
    public CryptoCompareType() {
        this(Clock.systemUTC());
    }

    CryptoCompareType(Clock clock) {
        this.clock = clock;
    }

    /** The settings. */
    public record Config(
            @Schema(
                    value =
                            "candles: of each interval, once it is over; prices: the current ones, at an interval; stream: each"
                                    + " change as it happens, which needs an API key",
                    allowed = {"candles", "prices", "stream"},
                    defaultValue = "candles")
            String feed,

            @Schema(value = "Symbols, upper-case, such as BTC", minLength = 1, maxLength = 50)
            List<String> symbols,

            @Schema(value = "Currency of the prices", pattern = CryptoCompareTools.SYMBOL, defaultValue = "USD")
            String currency,

            @Schema(
                    value = "Length of candles",
                    allowed = {"minute", "hour", "day"},
                    defaultValue = "minute")
            String candle,

            @Schema(
                    "Time of the first candles, such as 2026-11-22T10:00:00Z; those of a minute reach back 7 days; default: now")
            @Nullable
            String start,

            @Schema(
                    value = "Wait for new candles; false: complete after those that are there now",
                    defaultValue = "true")
            boolean follow,

            @Schema(
                    value = "Seconds between two requests for current prices",
                    minimum = MIN_INTERVAL_SECONDS,
                    maximum = MAX_INTERVAL_SECONDS,
                    defaultValue = "10")
            int intervalSeconds) {

        /** Checks the symbols and the time. */
        public Config {
            symbols = List.copyOf(new LinkedHashSet<>(symbols));
            for (String symbol : symbols) {
                if (!symbol.matches(CryptoCompareTools.SYMBOL)) {
                    throw SourceErrors.invalid("symbols", "has '" + symbol + "', which is not a symbol, such as BTC");
                }
            }
            if (start != null) {
                time(start);
            }
        }

        Duration length() {
            return switch (candle) {
                case "day" -> Duration.ofDays(1);
                case "hour" -> Duration.ofHours(1);
                default -> Duration.ofMinutes(1);
            };
        }

        private static Instant time(String text) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                throw SourceErrors.invalid("start", "must be a time such as 2026-11-22T10:00:00Z");
            }
        }
    }

    @Override
    public String name() {
        return "crypto-compare";
    }

    @Override
    public String description() {
        return "Prices of crypto currencies from CryptoCompare as JSON, keyed by symbol: candles (OHLCV) of the past and the"
                + " present, current prices, or the stream of changes.";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public double defaultRate(Config config) {
        return 0;
    }

    @Override
    public RecordSource open(Config config, SourcePosition from, SourceContext context)
            throws IOException, InterruptedException {
        String key = context.setting(CryptoCompareSettings.API_KEY.key()).orElse(null);
        if (config.feed().equals("stream")) {
            return StreamSource.open(
                    http(), config, url(context, CryptoCompareSettings.STREAM_URL.key(), "wss", key), key);
        }
        var client =
                new CryptoCompareClient(http(), url(context, CryptoCompareSettings.BASE_URL.key(), "https", key), key);
        if (from.isStart()) {
            Fetcher.requireMarkets(client, config.symbols(), config.currency());
        }
        return config.feed().equals("prices")
                ? new PricesSource(config, new Fetcher(client, clock), from, clock)
                : new CandlesSource(config, new Fetcher(client, clock), from, first(config), clock);
    }

    /** Returns the client that all sources share: each one has a thread, which ends only when it is garbage. */
    private synchronized HttpClient http() {
        HttpClient shared = http;
        if (shared == null) {
            shared = CryptoCompareClient.http();
            http = shared;
        }
        return shared;
    }

    /** Returns the time of the first candle. */
    private Instant first(Config config) {
        Instant now = clock.instant();
        if (config.start() == null) {
            return now;
        }
        Instant start = Config.time(config.start());
        if (config.candle().equals("minute") && start.isBefore(now.minus(LONGEST_MINUTES))) {
            throw SourceErrors.invalid(
                    "start",
                    "must be in the last 7 days, which is how far candles of a minute reach back; those of an"
                            + " hour or a day reach further");
        }
        if (start.isBefore(Instant.EPOCH)) {
            throw SourceErrors.invalid("start", "must not be before 1970");
        }
        if (start.isAfter(now)) {
            throw SourceErrors.invalid("start", "must not be in the future");
        }
        return start;
    }

    private static URI url(SourceContext context, String setting, String scheme, @Nullable String key) {
        URI otherwise = scheme.equals("wss")
                ? CryptoCompareSettings.DEFAULT_STREAM_URL
                : CryptoCompareSettings.DEFAULT_BASE_URL;
        try {
            return CryptoCompareSettings.checked(
                    context.setting(setting).map(CryptoCompareSettings::url).orElse(otherwise), scheme, key);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(setting + ": " + e.getMessage(), e);
        }
    }
}
