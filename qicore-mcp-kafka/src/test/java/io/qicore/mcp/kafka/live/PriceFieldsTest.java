package io.qicore.mcp.kafka.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.host.MCPServerConfig;
import io.qicore.mcp.kafka.marketdata.Candle;
import io.qicore.mcp.kafka.marketdata.CandleJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceFieldsTest {

    @Test
    void candlesOfProducers_areRead() {
        Instant time = Instant.parse("2026-01-01T00:00:00Z");

        LivePrice price = PriceFields.DEFAULT.read(CandleJson.write(new Candle("BTC", time, 2, 4, 1, 3, 10)), 5);

        assertThat(price).isEqualTo(new LivePrice("BTC", time, 2.0, 4.0, 1.0, 3, 10.0));
    }

    @Test
    void timeOfTheRecord_isUsedIfTheValueHasNone() {
        assertThat(read(PriceFields.DEFAULT, "{'symbol':'BTC','close':1}", 1000).time())
                .isEqualTo(Instant.ofEpochSecond(1));
        assertThat(read(PriceFields.DEFAULT, "{'symbol':'BTC','close':1}", -1).time())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "1767225600, 2026-01-01T00:00:00Z",
        "1767225600.25, 2026-01-01T00:00:00.250Z",
        "1767225600250, 2026-01-01T00:00:00.250Z",
        "1767225600000001, 2026-01-01T00:00:00.000001Z",
        "1767225600000000001, 2026-01-01T00:00:00.000000001Z",
        "9223372036854775807, 2262-04-11T23:47:16.854775807Z",
    })
    void unitOfATime_isToldByItsSize(String number, Instant time) {
        assertThat(read(PriceFields.DEFAULT, "{'symbol':'BTC','close':1,'time':" + number + "}", 0)
                        .time())
                .isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "1e999", "0x1p3", "1d", "1_000", "1,5"})
    void textsThatAreNotDecimalNumbers_areNotPrices(String close) {
        assertThat(read(PriceFields.DEFAULT, "{'symbol':'BTC','close':'" + close + "'}", 0))
                .isNull();
        for (String number : List.of("1", "-1.5", "+2", ".5", "1.", "1E3", "1e-3")) {
            assertThat(read(PriceFields.DEFAULT, "{'symbol':'BTC','close':'" + number + "'}", 0)
                            .close())
                    .isEqualTo(Double.parseDouble(number));
        }
    }

    @Test
    void timesThatAnAnswerCannotHave_areNotPassedOn() {
        assertThat(PriceFields.DEFAULT.read(
                        "{\"symbol\":\"BTC\",\"close\":1,\"time\":\"+10000-01-01T00:00:00Z\"}"
                                .getBytes(StandardCharsets.UTF_8),
                        0))
                .isNull();
        assertThat(read(PriceFields.DEFAULT, "{'symbol':'BTC','close':1}", Long.MAX_VALUE)
                        .time())
                .isNull();
    }

    @Test
    void otherNamesAndPointers_areRead() {
        var fields = PriceFields.of(Map.of("symbol", "/instrument/0/name", "close", "last/price", "volume", "~v"));

        LivePrice price =
                read(fields, "{'instrument':[{'name':'BTC'}],'last/price':'1.5','~v':7,'close':9,'symbol':'X'}", 0);

        assertThat(price.symbol()).isEqualTo("BTC");
        assertThat(price.close()).isEqualTo(1.5);
        assertThat(price.volume()).isEqualTo(7);
    }

    @Test
    void partsThatDoNotExist_andNamesThatAreNone_areRefused() {
        assertThatThrownBy(() -> PriceFields.of(Map.of("price", "p")))
                .hasMessageContaining("'price' is not a part")
                .hasMessageContaining("symbol, time, open");
        assertThatThrownBy(() -> PriceFields.of(Map.of("symbl", "s"))).hasMessageContaining("Did you mean 'symbol'?");
        assertThatThrownBy(() -> PriceFields.of(Map.of("close", " "))).hasMessageContaining("must not be blank");
    }

    @Test
    void setting_isParsed_orRefusedWithItsName() {
        var provider = new RealTimeDataMCPServerProvider();
        assertThat(MCPServerConfig.of("realtime")
                        .withSettings(Map.of(
                                "KAFKA_BOOTSTRAP_SERVERS",
                                "localhost:1",
                                "REALTIME_FIELDS",
                                " symbol = s , close=/t/p "))
                        .read(provider.settings())
                        .get(RealTimeDataMCPServerProvider.FIELDS))
                .isEqualTo(PriceFields.of(Map.of("symbol", "s", "close", "/t/p")));
        for (String wrong : new String[] {"symbol", "symbol:s", "price=p"}) {
            assertThatThrownBy(() -> MCPServerConfig.of("realtime")
                            .withSettings(Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1", "REALTIME_FIELDS", wrong))
                            .read(provider.settings()))
                    .hasMessageContaining("REALTIME_FIELDS must be a list such as symbol=s,close=p");
        }
    }

    private static LivePrice read(PriceFields fields, String json, long timestamp) {
        return fields.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), timestamp);
    }
}
