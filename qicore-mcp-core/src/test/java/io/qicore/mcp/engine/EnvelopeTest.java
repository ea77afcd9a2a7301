package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON-RPC framing: what is no message, and what answers to it. */
class EnvelopeTest {

    private final MCPEngine engine = Wire.engine();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "nonsense",
                "{} {}",
                "{\"a\": 1, \"a\": 2}",
                "{\"jsonrpc\": \"2.0\", \"id\": 1e}",
                "\u0000",
                "[1,"
            })
    void textThatIsNotJson_isAParseErrorWithoutId(String text) {
        Answer answer = Answer.to(engine, text);
        answer.isBadRequest(-32700);
        assertThat(answer.json().has("id")).isFalse();
    }

    @Test
    void parseError_doesNotQuoteTheMessage() {
        assertThat(Answer.to(engine, "{\"password\": hunter2}").errorMessage()).doesNotContain("hunter2");
    }

    @Test
    void bytesThatAreNotText_areAParseError() {
        for (byte[] bytes : new byte[][] {
            {(byte) 0xff, (byte) 0xfe, (byte) 0xfd},
            {'{', '"', (byte) 0xc3, '"', ':', '1', '}'},
            {0, 0, 0, '{', 0, 0x11, 0, 0},
            {0, 0, (byte) 0xfe, (byte) 0xff, 0x7f, 0, 0, 0},
        }) {
            Answer answer = new Answer();
            engine.handle(bytes, CallMetadata.none(), answer);
            answer.isBadRequest(-32700);
        }
    }

    @Test
    void deeplyNestedMessage_isAParseError() {
        Answer.to(engine, "[".repeat(100_000)).isBadRequest(-32700);
    }

    @Test
    void hugeNumber_isAParseErrorAndCostsNothing() {
        Answer.to(engine, "{\"jsonrpc\": \"2.0\", \"id\": " + "9".repeat(100_000) + "}")
                .isBadRequest(-32700);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}]",
                "1",
                "\"text\"",
                "true",
                "null",
                "{}",
                "{\"id\": 1, \"method\": \"ping\"}",
                "{\"jsonrpc\": \"1.0\", \"id\": 1, \"method\": \"ping\"}",
                "{\"jsonrpc\": 2.0, \"id\": 1, \"method\": \"ping\"}",
                "{\"jsonrpc\": \"2.0\", \"id\": 1}",
                "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": 7}",
                "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": null}",
                "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"params\": []}",
                "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"params\": null}",
                "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"params\": \"x\"}"
            })
    void jsonThatIsNoMessage_isAnInvalidRequest(String text) {
        Answer.to(engine, text).isBadRequest(-32600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "1.5", "{}", "[1]"})
    void idOfAnotherType_isInvalidAndNotEchoed(String id) {
        Answer answer = Answer.to(engine, Wire.message(id, "ping", "{}"));
        answer.isBadRequest(-32600);
        assertThat(answer.json().has("id")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "\"1\"",
                "0",
                "-7",
                "\"\"",
                "\"ünïcode ☃\"",
                "9007199254740993",
                "123456789012345678901234567890"
            })
    void id_isEchoedWithItsType(String id) {
        assertThat(Answer.to(engine, Wire.message(id, "ping", "{}")).get().toBytes())
                .asString(StandardCharsets.UTF_8)
                .contains("\"id\":" + id);
        assertThat(Answer.to(engine, Wire.message(id, "no/such", "{}")).get().toBytes())
                .asString(StandardCharsets.UTF_8)
                .contains("\"id\":" + id);
    }

    @Test
    void faultyMessageWithAProperId_isAnsweredWithIt() {
        assertThat(Answer.to(engine, "{\"id\": \"a\", \"method\": \"ping\"}")
                        .json()
                        .get("id")
                        .asText())
                .isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"result\": {}", "\"error\": {\"code\": 1, \"message\": \"x\"}"})
    void responseOfTheStatelessRevision_isRefusedWithoutItsId(String member) {
        String response = "{\"jsonrpc\": \"2.0\", \"id\": 5, " + member + "}";
        Answer answer = Answer.to(engine, response, Wire.headers("MCP-Protocol-Version", "2026-07-28"));
        answer.isBadRequest(-32600);
        assertThat(answer.json().has("id")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"result\": {}", "\"error\": {\"code\": 1, \"message\": \"x\"}"})
    void responseThatNobodyWaitsFor_isTakenFromOlderClients(String member) {
        String response = "{\"jsonrpc\": \"2.0\", \"id\": 5, " + member + "}";
        for (CallMetadata metadata : new CallMetadata[] {
            CallMetadata.none(), Wire.headers(), Wire.headers("MCP-Protocol-Version", "2025-11-25")
        }) {
            assertThat(Answer.to(engine, response, metadata).kind()).isEqualTo(Reply.Kind.ACCEPTED);
        }
    }

    @Test
    void unknownMembers_areIgnored() {
        assertThat(Answer.to(engine, """
                {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"x": 1}, "more": true}""").result()).isEmpty();
    }

    @Test
    void missingParams_areNone() {
        assertThat(Answer.to(engine, """
                {"jsonrpc": "2.0", "id": 1, "method": "ping"}""").result()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"notifications/initialized", "notifications/cancelled", "notifications/anything", "tools/call"})
    void notification_isAcceptedAndNotAnswered(String method) {
        Answer answer = Answer.to(engine, """
                {"jsonrpc": "2.0", "method": "%s"}""".formatted(method));
        assertThat(answer.kind()).isEqualTo(Reply.Kind.ACCEPTED);
        assertThat(answer.get().message()).isNull();
    }

    @Test
    void answer_isOneLine() {
        byte[] bytes = Answer.to(engine, Wire.modernCall("echo", "{\"text\": \"a\\nb\\r\\u2028c\"}"))
                .get()
                .toBytes();
        assertThat(new String(bytes, StandardCharsets.UTF_8)).doesNotContain("\n", "\r");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c0af",
                "c1a1",
                "e080af",
                "f08080af",
                "eda080",
                "edbfbf",
                "f4908080",
                "f5808080",
                "80",
                "c3",
                "ff"
            })
    void invalidUtf8_isAParseErrorWhateverItWouldMean(String hex) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"".getBytes(StandardCharsets.UTF_8));
        message.writeBytes(HexFormat.of().parseHex(hex));
        message.writeBytes("ping\"}".getBytes(StandardCharsets.UTF_8));
        Answer answer = new Answer();
        Wire.engine().handle(message.toByteArray(), CallMetadata.none(), answer);
        answer.isBadRequest(RpcError.PARSE_ERROR);
        assertThat(answer.id()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void otherEncodings_areParseErrors(String charset) throws Exception {
        Answer answer = new Answer();
        Wire.engine().handle(Wire.legacy("ping", "{}").getBytes(charset), CallMetadata.none(), answer);
        answer.isBadRequest(RpcError.PARSE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 120, 130, 990, 100_000})
    void deepNesting_isAnsweredOnASmallStack(int depth) throws Exception {
        String tree = "{\"children\": [".repeat(depth) + "{}" + "]}".repeat(depth);
        JsonNode schema = Json.MAPPER.readTree("""
                {"type": "object", "$defs": {"tree": {"type": "object", "properties": {
                     "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}}},
                 "properties": {"tree": {"$ref": "#/$defs/tree"}}}""");
        MCPEngine engine = MCPEngine.builder(new ServerInfo("deep", "1"))
                .tools(List.of(MCPTool.builder("deep", schema)
                        .description("x")
                        .handler((arguments, context) -> arguments)
                        .build()))
                .build();
        Answer answer = new Answer();
        byte[] message = Wire.modernCall("deep", "{\"tree\": " + tree + "}").getBytes(StandardCharsets.UTF_8);
        Thread small =
                new Thread(null, () -> engine.handle(message, CallMetadata.none(), answer), "small-stack", 512 << 10);
        small.start();
        small.join();
        assertThat(answer.isThere()).isTrue();
        if (depth > 125) {
            answer.isBadRequest(RpcError.PARSE_ERROR);
        } else {
            assertThat(answer.result().has("isError")).isFalse();
            assertThat(Leaks.of(engine)).isEmpty();
        }
    }
}
