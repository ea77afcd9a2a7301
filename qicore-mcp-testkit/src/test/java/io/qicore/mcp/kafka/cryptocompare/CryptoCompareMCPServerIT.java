package io.qicore.mcp.kafka.cryptocompare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.server.ServerSettings;
import io.qicore.mcp.testkit.CryptoCompareStandIn;
import io.qicore.mcp.tool.MCPToolError;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    private CryptoCompareStandIn service;
    private CryptoCompareMCPServer server;
    private MCPClient client;

    @BeforeEach
    void start() throws Exception {
        service = CryptoCompareStandIn.start();
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
        answer(200, "{\"USD\":95000.5}");

        JsonNode price = client.call("get_price", Map.of("symbol", "BTC"));

        assertThat(price.path("symbol").textValue()).isEqualTo("BTC");
        assertThat(price.path("prices").path("USD").doubleValue()).isEqualTo(95000.5);
        assertThat(price.path("missing")).isEmpty();
        assertThat(service.requests()).hasSize(1);
        assertThat(service.requests().get(0).uri()).hasToString("/data/price?fsym=BTC&tsyms=USD");
        assertThat(service.requests().get(0).authorization()).isNull();
    }

    @Test
    void priceInSeveralCurrencies_namesTheMissingOnes() {
        answer(200, "{\"EUR\":1,\"USD\":2}");

        JsonNode price = client.call("get_price", Map.of("symbol", "BTC", "currencies", List.of("USD", "EUR", "XYZ")));

        assertThat(price.path("prices").path("EUR").doubleValue()).isEqualTo(1);
        assertThat(price.path("missing").path(0).textValue()).isEqualTo("XYZ");
        assertThat(service.requests().get(0).uri().getQuery()).isEqualTo("fsym=BTC&tsyms=USD,EUR,XYZ");
    }

    @Test
    void apiKey_goesIntoTheHeaderOnly() throws Exception {
        stop();
        service = CryptoCompareStandIn.start();
        serve("s3cret", Duration.ofSeconds(5));
        answer(200, "{\"USD\":1}");

        client.call("get_price", Map.of("symbol", "BTC"));

        assertThat(service.requests().get(0).authorization()).isEqualTo("Apikey s3cret");
        assertThat(service.requests().get(0).uri().toString()).doesNotContain("s3cret");
    }

    @Test
    void candles_comeOldestFirstAndWithoutFiller() {
        answer(200, CANDLES);

        JsonNode history = client.call(
                "get_historical_ohlcv",
                Map.of("symbol", "BTC", "interval", "hour", "limit", 3, "until", "2026-01-01T02:00:00Z"));

        assertThat(service.requests().get(0).uri())
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
        answer(200, CANDLES);

        JsonNode history = client.call("get_historical_ohlcv", Map.of("symbol", "BTC", "interval", "day", "limit", 1));

        assertThat(service.requests().get(0).uri()).hasToString("/data/v2/histoday?fsym=BTC&tsym=USD&limit=1");
        assertThat(history.path("candles")).hasSize(1);
        assertThat(history.path("candles").path(0).path("close").doubleValue()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            200 | {"Response":"Error","Message":"There is no data for the symbol XXX .","Type":1} | INVALID_SYMBOL    | false | no data for the symbol XXX
            200 | {"Response":"Error","Message":"market does not exist for this coin pair (A-B)","Type":1} | INVALID_SYMBOL | false | coin pair (A-B)
            200 | {"Response":"Error","Message":"You are over your rate limit please upgrade your account!","Type":99} | RATE_LIMITED | true | rate limit
            200 | {"Response":"Error","Message":"You need a valid auth key or api key to access this endpoint","Type":1} | UNAUTHORIZED | false | CRYPTO_COMPARE_API_KEY
            200 | {"Response":"Error","Message":"limit is larger than max value.","Type":2}       | EXTERNAL_SERVICE_ERROR | false | limit is larger
            401 | {}                                                                              | UNAUTHORIZED    | false | CRYPTO_COMPARE_API_KEY
            429 | slow down                                                                       | RATE_LIMITED | true  | rate limit
            503 | <html>                                                                          | EXTERNAL_SERVICE_ERROR | true  | HTTP status 503
            404 | <html>                                                                          | EXTERNAL_SERVICE_ERROR | false | HTTP status 404
            302 | {}                                                                              | EXTERNAL_SERVICE_ERROR | false | HTTP status 302
            200 | <html>                                                                          | EXTERNAL_SERVICE_ERROR | false | not a JSON object
            200 | []                                                                              | EXTERNAL_SERVICE_ERROR | false | not a JSON object
            """)
    void failures_areTyped(int status, String body, String code, boolean retryable, String message) {
        answer(status, body);

        assertThatThrownBy(() -> client.call("get_price", Map.of("symbol", "XXX")))
                .isInstanceOfSatisfying(MCPToolError.class, error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.retryable()).isEqualTo(retryable);
                })
                .hasMessageContaining(message);
    }

    @Test
    void brokenCandles_areAnError() {
        answer(200, "{\"Response\":\"Success\",\"Data\":{\"Data\":[{\"open\":1,\"close\":1}]}}");
        assertServiceError("get_historical_ohlcv", "an invalid candle");

        answer(200, "{\"Response\":\"Success\",\"Data\":{}}");
        assertServiceError("get_historical_ohlcv", "without candles");
    }

    @Test
    void hugeAnswer_isNotReadToItsEnd() {
        service.fail(CryptoCompareStandIn.Fault.HUGE, 1);

        assertServiceError("get_price", "cannot be reached (IOException)");
    }

    @Test
    void silentService_isATypedErrorBeforeTheDeadline() {
        service.fail(CryptoCompareStandIn.Fault.HANG, 1);
        client.close();
        server.cleanup();
        assertThatThrownBy(() -> {
                    serve(null, Duration.ofSeconds(3));
                    client.call("get_price", Map.of("symbol", "BTC"));
                })
                .isInstanceOfSatisfying(MCPToolError.class, error -> {
                    assertThat(error.code()).isEqualTo("EXTERNAL_SERVICE_ERROR");
                    assertThat(error.retryable()).isTrue();
                })
                .hasMessageContaining("did not answer within");
    }

    @Test
    void noService_isATypedError() {
        service.close();

        assertServiceError("get_price", "cannot be reached (ConnectException)");
    }

    @Test
    void severalPrices_takeOneRequest_andNameTheMissingOnes() {
        service.price("BTC", "USD", 95_000);
        service.price("BTC", "EUR", 90_000);
        service.price("ETH", "USD", 3_000);

        JsonNode prices = client.call(
                "get_prices",
                Map.of("symbols", List.of("BTC", "ETH", "XXX", "BTC"), "currencies", List.of("USD", "EUR")));

        assertThat(prices.path("prices").toString())
                .isEqualTo("{\"BTC\":{\"USD\":95000.0,\"EUR\":90000.0},\"ETH\":{\"USD\":3000.0}}");
        assertThat(prices.path("missing").toString()).isEqualTo("[\"ETH-EUR\",\"XXX-USD\",\"XXX-EUR\"]");
        assertThat(service.requests()).hasSize(1);
    }

    @Test
    void symbols_areFoundAndPaged() {
        for (String symbol : List.of("BTC", "ETH", "BCH", "WBTC")) {
            service.price(symbol, "USD", 1);
        }

        JsonNode found = client.call("list_symbols", Map.of("search", "btc"));
        assertThat(found.path("symbols").findValuesAsText("symbol")).containsExactly("BTC", "WBTC");
        assertThat(found.path("symbols").path(0).path("name").textValue()).isEqualTo("Coin BTC");
        assertThat(found.has("nextCursor")).isFalse();

        JsonNode first = client.call("list_symbols", Map.of("limit", 3));
        assertThat(first.path("symbols").findValuesAsText("symbol")).containsExactly("BCH", "BTC", "ETH");
        assertThat(first.path("total").intValue()).isEqualTo(4);
        JsonNode second = client.call(
                "list_symbols",
                Map.of("limit", 3, "cursor", first.path("nextCursor").textValue()));
        assertThat(second.path("symbols").findValuesAsText("symbol")).containsExactly("WBTC");
        assertInvalid("list_symbols", Map.of("cursor", "x"));
    }

    @Test
    void rateLimit_isTheServices_andARefusalSaysWhenToCallAgain() {
        service.price("BTC", "USD", 1);
        service.allow(2);

        JsonNode limit = client.call("get_rate_limit", Map.of());
        assertThat(limit.path("windows").findValuesAsText("window"))
                .containsExactly("second", "minute", "hour", "day", "month");
        assertThat(limit.path("windows").path(0).path("left").longValue()).isEqualTo(1);
        client.call("get_price", Map.of("symbol", "BTC"));

        assertThatThrownBy(() -> client.call("get_price", Map.of("symbol", "BTC")))
                .isInstanceOfSatisfying(MCPToolError.class, error -> {
                    assertThat(error.code()).isEqualTo("RATE_LIMITED");
                    assertThat(error.retryable()).isTrue();
                    assertThat(error.context()).containsEntry("retryAfterSeconds", 1);
                })
                .hasMessageContaining("Call again in 1 seconds");
    }

    @Test
    void redirect_isNotFollowed_andTheKeyNotSentAnywhereElse() throws Exception {
        stop();
        service = CryptoCompareStandIn.start();
        service.requireKey("s3cret");
        serve("s3cret", Duration.ofSeconds(5));
        service.price("BTC", "USD", 1);
        service.fail(CryptoCompareStandIn.Fault.REDIRECT, 1);

        assertServiceError("get_price", "HTTP status 302");

        assertThat(service.requests()).hasSize(1);
        assertThat(client.call("get_price", Map.of("symbol", "BTC"))
                        .path("prices")
                        .path("USD")
                        .doubleValue())
                .isEqualTo(1);
    }

    @Test
    void missingKey_isUnauthorized() {
        service.requireKey("s3cret");

        assertThatThrownBy(() -> client.call("get_price", Map.of("symbol", "BTC")))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("UNAUTHORIZED"))
                .hasMessageContaining("CRYPTO_COMPARE_API_KEY");
    }

    /** Whatever the service sends, the agent gets a result or an error that says what is wrong. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "true",
                "42",
                "\"text\"",
                "[]",
                "[{}]",
                "{",
                "}",
                "{}{}",
                "{\"a\":}",
                "<html></html>",
                "\u0000",
                "{\"Response\":1}",
                "{\"Response\":\"Error\"}",
                "{\"Response\":\"Error\",\"Message\":null}",
                "{\"Response\":\"Error\",\"Message\":{\"a\":1},\"Type\":\"99\"}",
                "{\"Response\":\"Error\",\"Message\":\"a\\nb\\u0000c\",\"Type\":1}",
                "{\"Response\":\"Success\"}",
                "{\"Response\":\"Success\",\"Data\":null}",
                "{\"Response\":\"Success\",\"Data\":[]}",
                "{\"Data\":{\"Data\":{}}}",
                "{\"Data\":{\"Data\":[1]}}",
                "{\"Data\":{\"Data\":[null]}}",
                "{\"Data\":{\"Data\":[{}]}}",
                "{\"Data\":{\"Data\":[{\"time\":\"x\",\"open\":1,\"high\":1,\"low\":1,\"close\":1,\"volumefrom\":1}]}}",
                "{\"Data\":{\"Data\":[{\"time\":1e300,\"open\":1,\"high\":1,\"low\":1,\"close\":1,\"volumefrom\":1}]}}",
                "{\"Data\":{\"Data\":[{\"time\":9223372036854775807,\"open\":1,\"high\":1,\"low\":1,\"close\":1,\"volumefrom\":1}]}}",
                "{\"Data\":{\"Data\":[{\"time\":1,\"open\":\"1\",\"high\":1,\"low\":1,\"close\":1,\"volumefrom\":1}]}}",
                "{\"Data\":{\"Data\":[{\"time\":1,\"open\":1,\"high\":1,\"low\":2,\"close\":1,\"volumefrom\":1}]}}",
                "{\"Data\":{\"Data\":[{\"time\":1,\"open\":1,\"high\":1,\"low\":1,\"close\":1,\"volumefrom\":-1}]}}",
                "{\"USD\":null}",
                "{\"USD\":\"1\"}",
                "{\"USD\":{\"USD\":1}}",
                "{\"BTC\":1}",
                "{\"BTC\":{\"USD\":\"x\"}}",
                "{\"Data\":{\"calls_made\":1,\"calls_left\":{}}}",
                "{\"Data\":{\"calls_made\":{\"day\":\"x\"},\"calls_left\":{\"day\":1}}}",
                "{\"Data\":{\"a\":1,\"b\":{\"Symbol\":null},\"c\":{\"Symbol\":[]}}}",
                "\uFEFF{\"USD\":1}"
            })
    void oddAnswers_areResultsOrTypedErrors(String body) {
        Map<String, Map<String, ?>> calls = Map.of(
                "get_price", Map.of("symbol", "BTC"),
                "get_prices", Map.of("symbols", List.of("BTC")),
                "get_historical_ohlcv", Map.of("symbol", "BTC", "interval", "day"),
                "list_symbols", Map.of(),
                "get_rate_limit", Map.of());
        calls.forEach((tool, arguments) -> {
            answer(200, body);
            try {
                assertThat(client.call(tool, arguments)).isNotNull();
            } catch (MCPToolError e) {
                assertThat(e.code()).as(tool + ": " + e).isIn("EXTERNAL_SERVICE_ERROR", "RATE_LIMITED");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(value = CryptoCompareStandIn.Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "HANG")
    void faults_areTypedErrors_andTheNextCallIsAnswered(CryptoCompareStandIn.Fault fault) {
        service.price("BTC", "USD", 1);
        service.fail(fault, 1);

        assertThatThrownBy(() -> client.call("get_price", Map.of("symbol", "BTC")))
                .isInstanceOfSatisfying(MCPToolError.class, error -> assertThat(error.code())
                        .isIn("EXTERNAL_SERVICE_ERROR", "RATE_LIMITED", "UNAUTHORIZED"));

        assertThat(client.call("get_price", Map.of("symbol", "BTC")).path("missing"))
                .isEmpty();
    }

    @Test
    void wrongArguments_neverReachTheService() {
        assertInvalid("get_price", Map.of("symbol", "BTC,ETH"));
        assertInvalid("get_price", Map.of("symbol", "BTC", "currencies", List.of("USD&api_key=1")));
        assertInvalid("get_historical_ohlcv", Map.of("symbol", "BTC", "interval", "week"));
        assertInvalid("get_historical_ohlcv", Map.of("symbol", "BTC", "interval", "day", "until", "yesterday"));
        assertInvalid("get_historical_ohlcv", Map.of("symbol", "BTC", "interval", "day", "limit", 2001));

        assertThat(service.requests()).isEmpty();
    }

    @Test
    void keyOverPlainHttp_isRefusedUnlessOnThisMachine() {
        assertThatThrownBy(() -> new CryptoCompareMCPServer(
                        URI.create("http://example.com"), "s3cret", ServerSettings.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https")
                .hasMessageNotContaining("s3cret");
    }

    private void answer(int status, String body) {
        service.answerNext(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    private void assertServiceError(String tool, String message) {
        Map<String, ?> arguments =
                tool.equals("get_price") ? Map.of("symbol", "BTC") : Map.of("symbol", "BTC", "interval", "day");
        assertThatThrownBy(() -> client.call(tool, arguments))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("EXTERNAL_SERVICE_ERROR"))
                .hasMessageContaining(message);
    }

    private void assertInvalid(String tool, Map<String, ?> arguments) {
        assertThatThrownBy(() -> client.call(tool, arguments))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo("INVALID_ARGUMENT"));
    }
}
