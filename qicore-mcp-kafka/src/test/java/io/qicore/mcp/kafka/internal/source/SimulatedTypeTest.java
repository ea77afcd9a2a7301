package io.qicore.mcp.kafka.internal.source;

import static io.qicore.mcp.kafka.producer.local.TestRuntime.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.kafka.access.KafkaConnection;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.kafka.marketdata.CandleJson;
import io.qicore.mcp.kafka.source.RecordSource;
import io.qicore.mcp.kafka.source.SourceContext;
import io.qicore.mcp.kafka.source.SourcePosition;
import io.qicore.mcp.kafka.source.SourceRecord;
import io.qicore.mcp.kafka.source.SourceSpec;
import io.qicore.mcp.kafka.source.SourceTypes;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedTypeTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:42Z");

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final SourceContext CONTEXT = new SourceContext(KafkaConnection.to("localhost:1"), Map.of());

    private final SourceTypes types = SourceTypes.discover().with(new SimulatedType(Clock.fixed(NOW, ZoneOffset.UTC)));

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
            {'symbols':['BTC'],'startPrices':{'BTC':0}}     | 'startPrices.BTC' must be a number from
            {'volatility':11}                               | 'volatility'
            {'candlesPerSymbol':0}                          | 'candlesPerSymbol'
            {'interval':'10ms'}                             | 'interval' must be from PT1S
            {'interval':'soon'}                             | 'interval' must be a duration such as
            {'startTime':'noon'}                            | 'startTime' must be a time
            {'symbols':[' ']}                               | 'symbols' must not contain a blank text
            {'candlesPerSymbol':1,'position':{'candles':7}} | 'position.candles' must be at most 6
            """)
    void wrongSetting_isNamed(String config, String message) {
        assertThatThrownBy(() -> open(config, SourcePosition.START))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining(message);
    }

    @Test
    void position_goesOnWithTheSamePrices_alsoWithoutSeedAndStartTime() throws Exception {
        String config = "{'symbols':['BTC','ETH'],'candlesPerSymbol':50}";
        List<byte[]> all = new ArrayList<>();
        SourcePosition opened;
        SourcePosition afterSeven;
        try (RecordSource source = open(config, SourcePosition.START)) {
            opened = source.position();
            for (int i = 0; i < 7; i++) {
                all.add(source.poll(TIMEOUT).value());
            }
            afterSeven = source.position();
            all.addAll(rest(source));
        }

        assertThat(all).hasSize(100);
        try (RecordSource again = open(config, opened);
                RecordSource further = open(config, afterSeven)) {
            assertThat(further.position()).isEqualTo(afterSeven);
            assertThat(rest(again)).usingRecursiveComparison().isEqualTo(all);
            assertThat(rest(further)).usingRecursiveComparison().isEqualTo(all.subList(7, 100));
            assertThat(further.isEnded()).isTrue();
        }
    }

    private List<Candle> read(String config) throws Exception {
        List<Candle> candles = new ArrayList<>();
        try (RecordSource source = open(config, SourcePosition.START)) {
            for (byte[] value : rest(source)) {
                candles.add(CandleJson.read(value));
            }
        }
        return candles;
    }

    private static List<byte[]> rest(RecordSource source) throws Exception {
        List<byte[]> values = new ArrayList<>();
        for (SourceRecord record = source.poll(TIMEOUT); record != null; record = source.poll(TIMEOUT)) {
            values.add(record.value());
        }
        return values;
    }

    private RecordSource open(String json, SourcePosition from) throws Exception {
        SourceSpec spec = types.read(config(json), "t");
        return spec.open(from.isStart() ? spec.position() : from, CONTEXT);
    }
}
