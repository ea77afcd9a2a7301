package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tools/call} in both eras: results, tool errors and faults. */
class ToolCallTest {

    private final MCPEngine engine = Wire.engine();

    @ParameterizedTest
    @ValueSource(strings = {"echo", "echo_async"})
    void result_isStructuredAndTextInBothEras(String tool) {
        JsonNode modern =
                Answer.to(engine, Wire.modernCall(tool, "{\"text\": \"ü☃\"}")).result();
        JsonNode legacy =
                Answer.to(engine, Wire.legacyCall(tool, "{\"text\": \"ü☃\"}")).result();

        for (JsonNode result : List.of(modern, legacy)) {
            assertThat(result.at("/structuredContent/text").asText()).isEqualTo("ü☃");
            assertThat(result.at("/content/0/type").asText()).isEqualTo("text");
            assertThat(result.at("/content/0/text").asText()).isEqualTo("{\"text\":\"ü☃\"}");
            assertThat(result.path("isError").asBoolean(false)).isFalse();
        }
        ModernRequestTest.isModern(modern);
        assertThat(modern.has("ttlMs")).isFalse();
        LegacyRequestTest.isLegacy(legacy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1, 2]", "7", "true", "{\"a\": 1}"})
    void resultThatIsNoObject_isWrappedForLegacyClients(String value) throws Exception {
        JsonNode expected = Json.MAPPER.readTree(value);
        JsonNode modern = Answer.to(engine, Wire.modernCall("echo_json", "{\"value\": " + value + "}"))
                .result();
        JsonNode legacy = Answer.to(engine, Wire.legacyCall("echo_json", "{\"value\": " + value + "}"))
                .result();

        assertThat(modern.get("structuredContent")).isEqualTo(expected);
        JsonNode wrapped = legacy.get("structuredContent");
        assertThat(expected.isObject() ? wrapped : wrapped.get("result")).isEqualTo(expected);
        assertThat(legacy.at("/content/0/text").asText()).isEqualTo(Json.MAPPER.writeValueAsString(expected));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2_000})
    void halfASurrogatePair_isWrittenAsAnEscape(int length) {
        String text = "x".repeat(length) + "\\ud800";
        JsonNode result = Answer.to(engine, Wire.modernCall("echo", "{\"text\": \"" + text + "\"}"))
                .result();

        assertThat(result.at("/structuredContent/text").asText()).isEqualTo("x".repeat(length) + "\ud800");
        assertThat(result.at("/content/0/text").asText()).containsIgnoringCase(text);
    }

    @Test
    void textResult_isTextOnly() {
        JsonNode result = Answer.to(engine, Wire.modernCall("echo_json", "{\"value\": \"plain\"}"))
                .result();
        assertThat(result.at("/content/0/text").asText()).isEqualTo("plain");
        assertThat(result.has("structuredContent")).isFalse();
    }

    @Test
    void toolError_reachesTheAgentAndItsCauseDoesNot() {
        Answer answer = Answer.to(engine, Wire.modernCall("fail", "{\"text\": \"no luck\"}"));
        JsonNode result = answer.result();

        assertThat(answer.kind()).isEqualTo(Reply.Kind.RESULT);
        assertThat(result.get("isError").booleanValue()).isTrue();
        JsonNode error = result.get("structuredContent");
        assertThat(error.get("code").asText()).isEqualTo("OUT_OF_LUCK");
        assertThat(error.get("message").asText()).isEqualTo("no luck");
        assertThat(error.at("/context/text").asText()).isEqualTo("no luck");
        assertThat(error.get("retryable").booleanValue()).isTrue();
        assertThat(result.at("/content/0/text").asText()).contains("OUT_OF_LUCK", "no luck");
        assertThat(answer.json().toString()).doesNotContain("secret");
        ModernRequestTest.isModern(result);
    }

    @Test
    void toolErrorTowardsALegacyClient_hasNoStructuredContentIfTheToolHasAnOutputSchema() {
        JsonNode result = Answer.to(engine, Wire.legacyCall("fail", "{\"text\": \"no luck\"}"))
                .result();
        assertThat(result.get("isError").booleanValue()).isTrue();
        assertThat(result.has("structuredContent")).isFalse();
        assertThat(result.at("/content/0/text").asText()).contains("OUT_OF_LUCK", "no luck", "retryable");

        MCPEngine without = engineOf(MCPTool.builder("t", Json.object().put("type", "object"))
                .description("Fails.")
                .handler((arguments, context) -> {
                    throw new MCPToolError("BAD", "luck");
                })
                .build());
        assertThat(Answer.to(without, Wire.legacyCall("t", "{}"))
                        .result()
                        .at("/structuredContent/code")
                        .asText())
                .isEqualTo("BAD");
    }

    @Test
    void unexpectedFailure_tellsACorrelationIdAndNothingElse() {
        for (String call : List.of(Wire.modernCall("crash", "{}"), Wire.legacyCall("crash", "{}"))) {
            Answer answer = Answer.to(engine, call);
            assertThat(answer.result().get("isError").booleanValue()).isTrue();
            assertThat(answer.json().toString())
                    .contains("INTERNAL_ERROR", "correlationId")
                    .doesNotContain("secret", "password", "IllegalState", "java.");
        }
    }

    @Test
    void unexpectedAsynchronousFailure_tellsNothingEither() {
        MCPEngine async = engineOf(MCPTool.builder("t", TestServer.Nothing.class, TestServer.Text.class)
                .description("Fails.")
                .asyncHandler((nothing, context) -> CompletableFuture.supplyAsync(() -> {
                    throw new IllegalStateException("secret");
                }))
                .build());
        assertThat(Answer.to(async, Wire.modernCall("t", "{}")).json().toString())
                .contains("INTERNAL_ERROR")
                .doesNotContain("secret");
    }

    @Test
    void asynchronousToolError_reachesTheAgent() {
        MCPEngine async = engineOf(MCPTool.builder("t", TestServer.Nothing.class, TestServer.Text.class)
                .description("Fails.")
                .asyncHandler((nothing, context) -> CompletableFuture.supplyAsync(() -> {
                    throw new MCPToolError("BAD", "luck");
                }))
                .build());
        assertThat(Answer.to(async, Wire.modernCall("t", "{}"))
                        .result()
                        .at("/structuredContent/code")
                        .asText())
                .isEqualTo("BAD");
    }

    @Test
    void errorThrownByAHandler_isAnsweredWithoutItsText() {
        MCPEngine broken = engineOf(MCPTool.builder("t", TestServer.Nothing.class, TestServer.Text.class)
                .description("Fails.")
                .handler((nothing, context) -> {
                    throw new NoClassDefFoundError("secret/Class");
                })
                .build());
        assertThat(Answer.to(broken, Wire.modernCall("t", "{}")).json().toString())
                .doesNotContain("secret");
    }

    @Test
    void resultThatCannotBeWritten_isAnInternalError() {
        class Unwritable {
            public Object getSecret() {
                throw new IllegalStateException("secret");
            }
        }
        MCPEngine broken = engineOf(MCPTool.builder("t", Json.object().put("type", "object"))
                .description("Answers nonsense.")
                .handler((arguments, context) -> new Unwritable())
                .build());
        assertThat(Answer.to(broken, Wire.modernCall("t", "{}")).json().toString())
                .contains("INTERNAL_ERROR")
                .doesNotContain("secret");
    }

    @Test
    void resultNestedTooDeeply_isAnInternalError() {
        for (int depth : new int[] {1_002, 1_500, 2_500, 5_000}) {
            assertThat(Answer.to(digging(depth), Wire.modernCall("t", "{}"))
                            .json()
                            .toString())
                    .as("%s levels", depth)
                    .contains("INTERNAL_ERROR");
        }
        assertThat(Answer.to(digging(200), Wire.modernCall("t", "{}")).json().toString())
                .doesNotContain("INTERNAL_ERROR");
    }

    private MCPEngine digging(int depth) {
        return engineOf(MCPTool.builder("t", Json.object().put("type", "object"))
                .description("Digs.")
                .handler((arguments, context) -> {
                    var root = Json.object();
                    var node = root;
                    for (int i = 0; i < depth; i++) {
                        node = node.putObject("a");
                    }
                    return root;
                })
                .build());
    }

    @Test
    void argumentsNestedAsDeeplyAsAllowed_canBeEchoed() {
        MCPEngine wrapping = engineOf(MCPTool.builder("t", Json.object().put("type", "object"))
                .description("Wraps.")
                .handler((arguments, context) -> Map.of("a", Map.of("b", arguments)))
                .build());
        String nested = "{\"a\":".repeat(240) + "1" + "}".repeat(240);
        assertThat(Answer.to(wrapping, Wire.modernCall("t", nested)).kind()).isEqualTo(Reply.Kind.RESULT);
    }

    @Test
    void errorContextThatCannotBeWritten_isLeftOut() {
        MCPEngine odd = engineOf(MCPTool.builder("t", TestServer.Nothing.class, TestServer.Text.class)
                .description("Fails.")
                .handler((nothing, context) -> {
                    throw new MCPToolError("BAD", "luck", Map.of("o", new Object()));
                })
                .build());
        assertThat(Answer.to(odd, Wire.modernCall("t", "{}"))
                        .result()
                        .at("/structuredContent/code")
                        .asText())
                .isEqualTo("BAD");
    }

    @Test
    void faultyArguments_areAToolError() {
        for (String arguments : List.of("{}", "{\"text\": 1}", "{\"txt\": \"a\"}")) {
            JsonNode result =
                    Answer.to(engine, Wire.modernCall("echo", arguments)).result();
            assertThat(result.get("isError").booleanValue()).isTrue();
            assertThat(result.at("/structuredContent/code").asText()).isEqualTo("INVALID_ARGUMENT");
            assertThat(result.at("/structuredContent/retryable").booleanValue()).isFalse();
        }
    }

    @Test
    void missingOrNullArguments_areNone() {
        MCPEngine none = engineOf(MCPTool.builder("t", TestServer.Nothing.class, TestServer.Text.class)
                .description("Answers.")
                .handler((nothing, context) -> new TestServer.Text("done"))
                .build());
        assertThat(Answer.to(none, Wire.message("1", "tools/call", "{\"name\": \"t\", " + Wire.META + "}"))
                        .result()
                        .has("isError"))
                .isFalse();
        assertThat(Answer.to(none, Wire.modernCall("t", "null")).result().has("isError"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"x\"", "1"})
    void argumentsThatAreNoObject_areAProtocolError(String arguments) {
        Answer answer = Answer.to(engine, Wire.modernCall("echo", arguments));
        assertThat(answer.errorCode()).isEqualTo(-32602);
        assertThat(answer.kind()).isEqualTo(Reply.Kind.ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\": 1}", "{\"name\": null}"})
    void callWithoutAName_isAProtocolError(String params) {
        assertThat(Answer.to(engine, Wire.legacy("tools/call", params)).errorCode())
                .isEqualTo(-32602);
    }

    @Test
    void unknownTool_isAProtocolErrorThatNamesTheNearest() {
        for (String call : List.of(Wire.modernCall("ecco", "{}"), Wire.legacyCall("ecco", "{}"))) {
            Answer answer = Answer.to(engine, call);
            assertThat(answer.errorCode()).isEqualTo(-32602);
            assertThat(answer.kind()).isEqualTo(Reply.Kind.ERROR);
            assertThat(answer.errorMessage()).contains("Unknown tool: 'ecco'", "Did you mean 'echo'?");
        }
        assertThat(Answer.to(engine, Wire.modernCall("something_else_altogether", "{}"))
                        .errorMessage())
                .contains("tools/list");
    }

    @Test
    void taskMember_isIgnored() {
        assertThat(Answer.to(engine, Wire.legacy("tools/call", """
                        {"name": "echo", "arguments": {"text": "x"}, "task": {"ttl": 1}}""")).kind()).isEqualTo(Reply.Kind.RESULT);
    }

    @Test
    void twoToolsOfOneName_areRefused() {
        MCPTool tool = TestServer.tools(new io.qicore.mcp.Gate()).get(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engineOf(tool, tool))
                .withMessageContaining("echo");
    }

    private static MCPEngine engineOf(MCPTool... tools) {
        return MCPEngine.builder(new ServerInfo("test", "1.0"))
                .tools(List.of(tools))
                .build();
    }
}
