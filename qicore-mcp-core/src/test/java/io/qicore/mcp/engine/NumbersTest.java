package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.tool.Json;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.StandardErrorCode;
import io.qicore.mcp.transport.http.HttpTransport;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers on their way through client, engine, handler and back: exact, or refused by name. */
class NumbersTest {

    private static final String LONG = "0.12345678901234567890123456789";

    record Price(BigDecimal price, BigInteger volume, double rate) {}

    record All(
            Optional<Byte> b,
            Optional<Short> s,
            Optional<Integer> i,
            Optional<Long> l,
            Optional<Float> f,
            Optional<Double> d,
            Optional<BigDecimal> decimal,
            Optional<BigInteger> whole,
            @Nullable JsonNode json,
            Optional<Map<String, Object>> map) {}

    private final MCPEngine engine = Wire.engine(new Gate())
            .tools(List.of(
                    MCPTool.builder("price", Price.class, Price.class)
                            .description("Returns its arguments.")
                            .handler((price, context) -> price)
                            .build(),
                    MCPTool.builder("all", All.class, All.class)
                            .description("Returns its arguments.")
                            .handler((all, context) -> all)
                            .build(),
                    MCPTool.builder("any", Json.MAPPER.createObjectNode().put("type", "object"))
                            .description("Returns its arguments.")
                            .handler((arguments, context) -> arguments)
                            .build()))
            .build();

    @ParameterizedTest
    @ValueSource(strings = {"price", "any"})
    void digits_areKeptInBothDirections(String tool) {
        String arguments = """
                {"price": %s, "volume": 123456789012345678901234567890, "rate": 0.1}""".formatted(LONG);
        JsonNode result = Answer.to(engine, Wire.modernCall(tool, arguments)).result();
        assertThat(result.at("/content/0/text").asText())
                .contains("\"price\":" + LONG, "123456789012345678901234567890");
        assertThat(result.at("/structuredContent").toString()).contains("\"rate\":0.1");
    }

    @Test
    void digits_areKeptByTheClientOverHttp() throws Exception {
        HttpTransport http = HttpTransport.onPort(0);
        try (TestServer server = TestServer.of(
                                "numbers",
                                List.of(MCPTool.builder("price", Price.class, Price.class)
                                        .description("Returns its arguments.")
                                        .handler((price, context) -> price)
                                        .build()))
                        .started(http);
                MCPClient client = MCPClient.http(http.uri())) {
            Price price = new Price(new BigDecimal(LONG), BigInteger.TWO.pow(200), 1e300);
            assertThat(server.tools()).hasSize(1);
            assertThat(client.call("price", price, Price.class)).isEqualTo(price);
            assertThat(client.call("price", price).get("price").decimalValue()).isEqualTo(price.price());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "b, 128",
        "b, -129",
        "s, 32768",
        "i, 2147483648",
        "i, -2147483649",
        "i, 1.5",
        "i, 3e9",
        "l, 9223372036854775808",
        "l, 1e19",
        "l, 0.1",
        "f, 1e39",
        "f, -1e39",
        "d, 1e400",
        "d, -1e400",
        "d, 1e-400",
        "decimal, 1e400",
        "whole, 1e400",
        "whole, 0.5",
        "decimal, 1e999999999",
        "decimal, 1e-999999999",
        "whole, 1e999999999",
        "i, 1e999999999",
        "json, 1e999999999",
        "json, 1e400"
    })
    void numberThatTheTypeCannotHold_isRefusedByName(String member, String number) {
        JsonNode error = toolError("all", "{\"" + member + "\": " + number + "}");
        assertThat(error.get("code").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(error.get("message").asText()).contains("'" + member + "'").doesNotContain("Infinity", "Exception");
    }

    @Test
    void numberInFreeJson_isRefusedByItsPath() {
        assertThat(toolError("all", "{\"map\": {\"a\": [1, {\"b\": 1e400}]}}")
                        .get("message")
                        .asText())
                .contains("'map.a.1.b'");
        assertThat(toolError("any", "{\"a\": 1e999999999}").get("message").asText())
                .contains("'a'");
        assertThat(toolError("any", "{\"a\": " + "9".repeat(400) + "}")
                        .get("message")
                        .asText())
                .contains("'a'");
    }

    @ParameterizedTest
    @CsvSource({
        "b, 1.0, 1",
        "s, 1.0, 1",
        "i, 1.0, 1",
        "i, 1e3, 1000",
        "l, 9007199254740993.0, 9007199254740993",
        "whole, 2.0, 2",
        "d, 1, 1",
        "f, 1, 1",
        "decimal, 1e3, 1000",
        "decimal, 0e999999999, 0"
    })
    void integerWithZeroFraction_isAnInteger(String member, String number, BigDecimal expected) {
        JsonNode result = Answer.to(engine, Wire.modernCall("all", "{\"" + member + "\": " + number + "}"))
                .result();
        assertThat(result.path("structuredContent").path(member).decimalValue()).isEqualByComparingTo(expected);
    }

    @Test
    void exponentBeyondAnInt_isAClearError() {
        assertThat(Answer.to(engine, Wire.modernCall("any", "{\"a\": 1e99999999999}"))
                        .errorMessage())
                .contains("exponent");
    }

    @Test
    void largeDouble_isNotSentBackWithHundredsOfZeros() {
        String text = Answer.to(engine, Wire.modernCall("any", "{\"a\": 1e300, \"b\": 1e-300, \"c\": 12345678.5}"))
                .result()
                .at("/content/0/text")
                .asText();
        assertThat(text).isEqualTo("{\"a\":1.0E300,\"b\":1.0E-300,\"c\":12345678.5}");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void resultThatIsNotANumber_isAnErrorOfTheServer(double number) {
        Map<String, Object> inArray = Map.of("a", new double[] {1, number});
        for (Object value : List.of(
                Map.of("a", number),
                Map.of("a", (float) number),
                inArray,
                Map.of("a", Optional.of(number)),
                node(number))) {
            MCPEngine bad = returning(value);
            JsonNode error = Answer.to(bad, Wire.modernCall("bad", "{}")).result();
            assertThat(error.get("isError").booleanValue()).as("%s", value).isTrue();
            assertThat(error.at("/structuredContent/code").asText()).isEqualTo("INTERNAL_ERROR");
            assertThat(error.toString()).doesNotContain("NaN", "Infinity");
        }
    }

    private static ObjectNode node(double number) {
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .createObjectNode()
                .put("a", number);
    }

    @Test
    void resultBeyondEveryDouble_isAnErrorOfTheServer() {
        for (Object value :
                List.of(new BigDecimal("1E+400"), new BigDecimal("1E+999999999"), BigInteger.TEN.pow(400))) {
            JsonNode error = Answer.to(returning(Map.of("a", value)), Wire.modernCall("bad", "{}"))
                    .result();
            assertThat(error.at("/structuredContent/code").asText()).isEqualTo("INTERNAL_ERROR");
        }
    }

    @Test
    void exception_neverReachesTheClient() {
        IllegalStateException secret = new IllegalStateException("secret password");
        Map<String, Object> nested = new HashMap<>();
        nested.put("a", List.of(Map.of("failure", secret)));
        for (Object value : List.of(secret, nested, Optional.of(secret), new Throwable[] {secret})) {
            JsonNode error =
                    Answer.to(returning(value), Wire.modernCall("bad", "{}")).result();
            assertThat(error.at("/structuredContent/code").asText())
                    .as("%s", value)
                    .isEqualTo("INTERNAL_ERROR");
            assertThat(error.toString()).doesNotContain("secret", "stackTrace", "NumbersTest");
        }
        MCPEngine failing = Wire.engine(new Gate())
                .tools(List.of(
                        MCPTool.builder("bad", Json.MAPPER.createObjectNode().put("type", "object"))
                                .description("Fails.")
                                .handler((arguments, context) -> {
                                    throw new MCPToolError("BAD", "It failed.", Map.of("failure", secret));
                                })
                                .build()))
                .build();
        JsonNode error = Answer.to(failing, Wire.modernCall("bad", "{}")).result();
        assertThat(error.at("/structuredContent/code").asText()).isEqualTo("BAD");
        assertThat(error.toString()).doesNotContain("secret", "stackTrace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "1e999999999"})
    void resultOfAForeignServer_isRefusedByTheClientIfItCannotBeExpanded(String number) throws IOException {
        var foreign =
                com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] answer = ("{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {\"resultType\": \"complete\", \"content\": [],"
                        + " \"structuredContent\": {\"price\": " + number + "}}}")
                .getBytes(StandardCharsets.UTF_8);
        foreign.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        foreign.start();
        try (MCPClient client = MCPClient.builder(HttpEndpoint.of(
                        URI.create("http://127.0.0.1:" + foreign.getAddress().getPort() + "/mcp")))
                .protocol(ProtocolMode.modern())
                .build()) {
            assertThatExceptionOfType(MCPConnectionException.class)
                    .isThrownBy(() -> client.call("price", Map.of()))
                    .withMessageContaining("'price'");
        } finally {
            foreign.stop(0);
        }
    }

    @Test
    void answerOfTheUser_isCheckedToo() {
        var inputs = new io.qicore.mcp.tool.InputResponses(
                Json.MAPPER
                        .createObjectNode()
                        .set(
                                "a",
                                node(0).set(
                                                "content",
                                                Json.MAPPER
                                                        .createObjectNode()
                                                        .put("size", new BigDecimal("1E+999999999")))),
                null);
        for (Runnable read : List.<Runnable>of(() -> inputs.raw("a"), () -> inputs.elicitation("a"))) {
            MCPToolError error = catchThrowableOfType(MCPToolError.class, read::run);
            assertThat(error.is(StandardErrorCode.INVALID_ARGUMENT)).isTrue();
            assertThat(error.getMessage()).contains("'content.size'");
        }
    }

    private JsonNode toolError(String tool, String arguments) {
        JsonNode result = Answer.to(engine, Wire.modernCall(tool, arguments)).result();
        assertThat(result.path("isError").booleanValue()).as("%s", result).isTrue();
        return result.get("structuredContent");
    }

    private static MCPEngine returning(Object value) {
        return Wire.engine(new Gate())
                .tools(List.of(
                        MCPTool.builder("bad", Json.MAPPER.createObjectNode().put("type", "object"))
                                .description("Returns a value.")
                                .handler((arguments, context) -> value)
                                .build()))
                .build();
    }
}
