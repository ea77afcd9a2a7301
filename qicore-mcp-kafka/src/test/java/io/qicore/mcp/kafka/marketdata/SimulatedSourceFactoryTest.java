package io.qicore.mcp.kafka.marketdata;

import static io.qicore.mcp.kafka.marketdata.SourceSettingsTest.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.tool.MCPToolError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedSourceFactoryTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:42Z");

    private final SimulatedSourceFactory factory = new SimulatedSourceFactory(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void sameSeed_givesTheSameCandles() throws Exception {
        String config = "{'symbols':['BTC','ETH'],'seed':7,'startTime':'2026-01-01T00:00:00Z','candlesPerSymbol':50}";

        assertThat(read(config)).hasSize(100).isEqualTo(read(config)).isNotEqualTo(read(config.replace("7", "8")));
    }

    /** Prices of one release must not change in the next: tests of applications depend on them. */
    @Test
    void seededCandles_areTheSameEverywhere() throws Exception {
        List<Candle> candles =
                read("{'symbols':['BTC'],'seed':7,'startTime':'2026-01-01T00:00:00Z','candlesPerSymbol':2}");

        assertThat(candles)
                .containsExactly(
                        new Candle(
                                "BTC",
                                Instant.parse("2026-01-01T00:00:00Z"),
                                95000,
                                95070.43,
                                94990.87,
                                95033.94,
                                258.8539),
                        new Candle(
                                "BTC",
                                Instant.parse("2026-01-01T00:01:00Z"),
                                95033.94,
                                95097.17,
                                95027.47,
                                95046.88,
                                101.0087));
    }

    @Test
    void otherSymbols_doNotChangeASymbolsPrices() throws Exception {
        List<Candle> alone = read("{'symbols':['ETH'],'seed':7,'candlesPerSymbol':20}");
        List<Candle> together = read("{'symbols':['BTC','ETH'],'seed':7,'candlesPerSymbol':20}");

        assertThat(together).filteredOn(candle -> candle.symbol().equals("ETH")).isEqualTo(alone);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'seed':1,'candlesPerSymbol':200}",
                "{'symbols':['NEW'],'seed':2,'volatility':10,'drift':-10,'interval':'1d','candlesPerSymbol':2000}",
                "{'symbols':['NEW'],'seed':3,'volatility':10,'drift':10,'interval':'1d','candlesPerSymbol':2000}",
                "{'symbols':['FLAT'],'seed':4,'volatility':0,'drift':0,'candlesPerSymbol':10}"
            })
    void everyCandle_isConsistent(String config) throws Exception {
        assertThat(read(config)).isNotEmpty().allSatisfy(candle -> {
            assertThat(candle.low()).isPositive();
            assertThat(candle.low()).isLessThanOrEqualTo(Math.min(candle.open(), candle.close()));
            assertThat(candle.high()).isGreaterThanOrEqualTo(Math.max(candle.open(), candle.close()));
            assertThat(candle.volume()).isPositive();
        });
    }

    @Test
    void candles_followEachOther() throws Exception {
        List<Candle> candles = read("{'symbols':['BTC'],'interval':'5m','candlesPerSymbol':3}");

        assertThat(candles.get(0).time()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
        for (int i = 1; i < candles.size(); i++) {
            assertThat(candles.get(i).open()).isEqualTo(candles.get(i - 1).close());
            assertThat(candles.get(i).time())
                    .isEqualTo(candles.get(i - 1).time().plus(Duration.ofMinutes(5)));
        }
    }

    @Test
    void startPrice_isTheFirstOpen() throws Exception {
        assertThat(read("{'symbols':['X'],'startPrices':{'X':42},'candlesPerSymbol':1}"))
                .extracting(Candle::open)
                .containsExactly(42.0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'rate':0}                                      | 'candlesPerSymbol' is required if 'rate' is 0
            {'symbols':['BTC'],'startPrices':{'BTX':1}}     | Unknown symbol in startPrices 'BTX'. Known: BTC. Did you mean 'BTC'?
            {'volatility':11}                               | 'volatility' must be a number from 0.0 to 10.0
            {'candlesPerSymbol':0}                          | 'candlesPerSymbol' must be a whole number from 1
            {'interval':'10ms'}                             | 'interval' must be from PT1S
            """)
    void wrongSetting_isNamed(String config, String message) {
        assertThatThrownBy(() -> factory.open(settings(config)))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining(message);
    }

    private List<Candle> read(String config) throws Exception {
        List<Candle> candles = new ArrayList<>();
        try (MarketDataSource source = factory.open(settings(config))) {
            for (Candle candle = source.next(); candle != null; candle = source.next()) {
                candles.add(candle);
            }
        }
        return candles;
    }
}
