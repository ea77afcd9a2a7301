package io.qicore.mcp.kafka.marketdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CandleTest {

    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");
    private static final Candle CANDLE = new Candle("BTC", TIME, 1, 2, 0.5, 1.5, 10);

    @Test
    void json_hasIsoTimeAndOneLine() {
        assertThat(new String(CandleJson.write(CANDLE), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"symbol\":\"BTC\",\"time\":\"2026-11-22T10:00:00Z\",\"open\":1.0,\"high\":2.0,\"low\":0.5,"
                                + "\"close\":1.5,\"volume\":10.0}");
    }

    @Test
    void json_isReadBack() throws Exception {
        assertThat(CandleJson.read(CandleJson.write(CANDLE))).isEqualTo(CANDLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2026-11-22T11:00:00+01:00\"", "1795341600", "1795341600000", "\"1795341600\""})
    void time_isReadFromWhatProducersWrite(String time) throws Exception {
        assertThat(CandleJson.read(json("BTC", time, "1")).time()).isEqualTo(TIME);
    }

    @Test
    void unknownMembers_areIgnored() throws Exception {
        String json = new String(CandleJson.write(CANDLE), StandardCharsets.UTF_8).replace("}", ",\"exchange\":{}}");

        assertThat(CandleJson.read(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(CANDLE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                           | 'symbol' is missing
            []                                           | not a JSON object
            {                                            | not JSON
            {"symbol":"BTC","symbol":"ETH"}              | not JSON
            {"symbol":"BTC","time":"noon"}               | 'time' must be ISO-8601
            {"symbol":"BTC","time":1}                    | 'open' is missing
            {"symbol":"BTC","time":1,"open":null}        | 'open' is missing
            {"symbol":"BTC","time":1,"open":[1]}         | 'open' is missing
            {"symbol":"BTC","time":1,"open":"x"}         | 'open' is not a number: 'x'
            """)
    void wrongJson_isNamed(String json, String message) {
        assertThatThrownBy(() -> CandleJson.read(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MarketDataException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "1e999", "0x1p3", "1d", "1f", "1_000", "1,5", "--1", "1e", "."})
    void price_mustBeADecimalNumber(String price) {
        assertThatThrownBy(() -> CandleJson.read(json("BTC", "1", "\"" + price + "\"")))
                .isInstanceOf(MarketDataException.class)
                .hasMessageContaining("'open' is not a number: '" + price + "'");
    }

    @Test
    void impossibleValues_areRefused() {
        assertThatThrownBy(() -> new Candle(" ", TIME, 1, 2, 0.5, 1.5, 10)).hasMessageContaining("'symbol'");
        assertThatThrownBy(() -> new Candle("BTC", TIME, 1, 2, 3, 1.5, 10)).hasMessageContaining("'low' 3.0 is above");
        assertThatThrownBy(() -> new Candle("BTC", TIME, 1, 2, 0.5, 1.5, -1)).hasMessageContaining("'volume'");
    }

    private static byte[] json(String symbol, String time, String open) {
        return ("{\"symbol\":\"" + symbol + "\",\"time\":" + time + ",\"open\":" + open
                        + ",\"high\":2,\"low\":0.5,\"close\":1.5,\"volume\":10}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
