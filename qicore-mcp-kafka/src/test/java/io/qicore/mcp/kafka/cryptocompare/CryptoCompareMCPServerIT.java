package io.qicore.mcp.kafka.cryptocompare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.tool.MCPToolError;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class CryptoCompareMCPServerIT {

    private static final String CANDLES = """
            {"Response":"Success","Message":"","HasWarning":false,"Type":100,"RateLimit":{},"Data":{"Aggregated":false,
             "TimeFrom":1767225600,"TimeTo":1767232800,"Data":[
              {"time":1767225600,"high":0,"low":0,"open":0,"volumefrom":0,"volumeto":0,"close":0},
              {"time":1767229200,"high":3,"low":1,"open":2,"volumefrom":10,"volumeto":20,"close":2.5,
               "conversionType":"direct","conversionSymbol":""},
              {"time":1767232800,"high":4,"low":2,"open":2.5,"volumefrom":11,"volumeto":22,"close":3}]}}
            """;

    private StandIn service;
    private CryptoCompareMCPServer server;
    private MCPClient client;

    @BeforeEach
    void start() throws Exception {
        service = new StandIn();
        serve(null, Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        client.close();
        server.cleanup();
        service.close();
    }

    private void serve(String apiKey, Duration callTimeout) throws Exception {
        server = new CryptoCompareMCPServer(
                service.url(),
                apiKey,
                ServerSettings.builder().callTimeout(callTimeout).build());
        server.initialize();
        client = MCPClient.inProcess(server);
    }

    @Test
    void price_isInDollarsUnlessAskedOtherwise() {
        service.answer(200, "{\"USD\":95000.5}");

        JsonNode price = client.call("get_price", Map.of("symbol", "BTC"));

        assertThat(price.path("symbol").textValue()).isEqualTo("BTC");
        assertThat(price.path("prices").path("USD").doubleValue()).isEqualTo(95000.5);
        assertThat(price.path("missing")).isEmpty();
        assertThat(service.requests).hasSize(1);
        assertThat(service.requests.get(0).uri()).hasToString("/data/price?fsym=BTC&tsyms=USD");
        assertThat(service.requests.get(0).authorization()).isNull();
    }

    @Test
    void priceInSeveralCurrencies_namesTheMissingOnes() {
        service.answer(200, "{\"EUR\":1,\"USD\":2}");

        JsonNode price = client.call("get_price", Map.of("symbol", "BTC", "currencies", List.of("USD", "EUR", "XYZ")));

        assertThat(price.path("prices").path("EUR").doubleValue()).isEqualTo(1);
        assertThat(price.path("missing").path(0).textValue()).isEqualTo("XYZ");
        assertThat(service.requests.get(0).uri().getQuery()).isEqualTo("fsym=BTC&tsyms=USD,EUR,XYZ");
    }

    @Test
    void apiKey_goesIntoTheHeaderOnly() throws Exception {
        stop();
        service = new StandIn();
        serve("s3cret", Duration.ofSeconds(5));
        service.answer(200, "{\"USD\":1}");

        client.call("get_price", Map.of("symbol", "BTC"));

        assertThat(service.requests.get(0).authorization()).isEqualTo("Apikey s3cret");
        assertThat(service.requests.get(0).uri().toString()).doesNotContain("s3cret");
    }

    @Test
    void candles_comeOldestFirstAndWithoutFiller() {
        service.answer(200, CANDLES);

        JsonNode history = client.call(
                "get_historical_ohlcv",
                Map.of("symbol", "BTC", "interval", "hour", "limit", 3, "until", "2026-01-01T02:00:00Z"));

        assertThat(service.requests.get(0).uri())
                .hasToString("/data/v2/histohour?fsym=BTC&tsym=USD&limit=2&toTs=1767232800");
        assertThat(history.path("currency").textValue()).isEqualTo("USD");
        assertThat(history.path("interval").textValue()).isEqualTo("hour");
        assertThat(history.path("candles")).hasSize(2);
        JsonNode first = history.path("candles").path(0);
        assertThat(first.path("time").textValue()).isEqualTo("2026-01-01T01:00:00Z");
        assertThat(first.path("symbol").textValue()).isEqualTo("BTC");
        assertThat(first.path("open").doubleValue()).isEqualTo(2);
        assertThat(first.path("high").doubleValue()).isEqualTo(3);
        assertThat(first.path("low").doubleValue()).isEqualTo(1);
        assertThat(first.path("close").doubleValue()).isEqualTo(2.5);
        assertThat(first.path("volume").doubleValue()).isEqualTo(10);
    }

    @Test
    void limit_isWhatComesBack() {
        service.answer(200, CANDLES);

        JsonNode history = client.call("get_historical_ohlcv", Map.of("symbol", "BTC", "interval", "day", "limit", 1));

        assertThat(service.requests.get(0).uri()).hasToString("/data/v2/histoday?fsym=BTC&tsym=USD&limit=1");
        assertThat(history.path("candles")).hasSize(1);
        assertThat(history.path("candles").path(0).path("close").doubleValue()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            200 | {"Response":"Error","Message":"There is no data for the symbol XXX .","Type":1} | UNKNOWN_SYMBOL    | false | no data for the symbol XXX
            200 | {"Response":"Error","Message":"market does not exist for this coin pair (A-B)","Type":1} | UNKNOWN_SYMBOL | false | coin pair (A-B)
            200 | {"Response":"Error","Message":"You are over your rate limit please upgrade your account!","Type":99} | MARKET_DATA_ERROR | true | rate limit
            200 | {"Response":"Error","Message":"You need a valid auth key or api key to access this endpoint","Type":1} | NOT_AUTHORIZED | false | CRYPTO_COMPARE_API_KEY
            200 | {"Response":"Error","Message":"limit is larger than max value.","Type":2}       | MARKET_DATA_ERROR | false | limit is larger
            401 | {}                                                                              | NOT_AUTHORIZED    | false | CRYPTO_COMPARE_API_KEY
            429 | slow down                                                                       | MARKET_DATA_ERROR | true  | rate limit
            503 | <html>                                                                          | MARKET_DATA_ERROR | true  | HTTP status 503
            404 | <html>                                                                          | MARKET_DATA_ERROR | false | HTTP status 404
            302 | {}                                                                              | MARKET_DATA_ERROR | false | HTTP status 302
            200 | <html>                                                                          | MARKET_DATA_ERROR | false | not a JSON object
            200 | []                                                                              | MARKET_DATA_ERROR | false | not a JSON object
            """)
    void failures_areTyped(int status, String body, String code, boolean retryable, String message) {
        service.answer(status, body);

        assertThatThrownBy(() -> client.call("get_price", Map.of("symbol", "XXX")))
                .isInstanceOfSatisfying(MCPToolError.class, error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.retryable()).isEqualTo(retryable);
                })
                .hasMessageContaining(message);
    }

    @Test
    void brokenCandles_areAnError() {
        service.answer(200, "{\"Response\":\"Success\",\"Data\":{\"Data\":[{\"open\":1,\"close\":1}]}}");
        assertMarketDataError("get_historical_ohlcv", "an invalid candle");

        service.answer(200, "{\"Response\":\"Success\",\"Data\":{}}");
        assertMarketDataError("get_historical_ohlcv", "without candles");
    }

    @Test
    void hugeAnswer_isNotReadToItsEnd() {
        service.answer(200, "\"" + "x".repeat(CryptoCompareClient.MAX_RESPONSE_BYTES) + "\"");

        assertMarketDataError("get_price", "cannot be reached (IOException)");
    }

    @Test
    void silentService_isATypedErrorBeforeTheDeadline() {
        service.neverEndTheAnswer();
        client.close();
        server.cleanup();
        assertThatThrownBy(() -> {
                    serve(null, Duration.ofSeconds(3));
                    client.call("get_price", Map.of("symbol", "BTC"));
                })
                .isInstanceOfSatisfying(MCPToolError.class, error -> {
                    assertThat(error.code()).isEqualTo("MARKET_DATA_ERROR");
                    assertThat(error.retryable()).isTrue();
                })
                .hasMessageContaining("did not answer within");
    }

    @Test
    void noService_isATypedError() {
        service.close();

        assertMarketDataError("get_price", "cannot be reached (ConnectException)");
    }

    @Test
    void wrongArguments_neverReachTheService() {
        assertInvalid("get_price", Map.of("symbol", "BTC,ETH"));
        assertInvalid("get_price", Map.of("symbol", "BTC", "currencies", List.of("USD&api_key=1")));
        assertInvalid("get_historical_ohlcv", Map.of("symbol", "BTC", "interval", "week"));
        assertInvalid("get_historical_ohlcv", Map.of("symbol", "BTC", "interval", "day", "until", "yesterday"));
        assertInvalid("get_historical_ohlcv", Map.of("symbol", "BTC", "interval", "day", "limit", 2001));

        assertThat(service.requests).isEmpty();
    }

    @Test
    void keyOverPlainHttp_isRefusedUnlessOnThisMachine() {
        assertThatThrownBy(() -> new CryptoCompareMCPServer(
                        URI.create("http://example.com"), "s3cret", ServerSettings.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https")
                .hasMessageNotContaining("s3cret");
    }

    private void assertMarketDataError(String tool, String message) {
        Map<String, ?> arguments =
                tool.equals("get_price") ? Map.of("symbol", "BTC") : Map.of("symbol", "BTC", "interval", "day");
        assertThatThrownBy(() -> client.call(tool, arguments))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("MARKET_DATA_ERROR"))
                .hasMessageContaining(message);
    }

    private void assertInvalid(String tool, Map<String, ?> arguments) {
        assertThatThrownBy(() -> client.call(tool, arguments))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("INVALID_ARGUMENT"));
    }
}
