package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.tool.LogLevel;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ToolResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists, resources, prompts, completion, progress and log messages. */
class FeaturesTest {

    private final MCPEngine engine = Wire.engine(new Gate())
            .pageSize(3)
            .tools(tools(0, 10))
            .resources(List.of(
                    resource(MCPResource.template("r://{x}", "template"), "template"),
                    resource(MCPResource.of("r://fixed", "fixed"), "fixed"),
                    resource(MCPResource.template("r://{+y}", "second"), "second"),
                    MCPResource.of("r://gone", "gone")
                            .reader((uri, variables, context) -> ResourceResult.notFound())
                            .build(),
                    MCPResource.of("r://crash", "crash")
                            .reader((uri, variables, context) -> {
                                throw new IllegalStateException("secret");
                            })
                            .build(),
                    MCPResource.of("r://blob", "blob")
                            .mimeType("image/png")
                            .reader((uri, variables, context) -> ResourceResult.blob(new byte[] {-1, 0}))
                            .build()))
            .prompts(List.of(MCPPrompt.builder("greet")
                    .argument("name", "who", true)
                    .argument("style", "how", false)
                    .completer("name", (typed, others, context) -> many(typed, others))
                    .completer("style", (typed, others, context) -> {
                        throw new IllegalStateException("secret");
                    })
                    .handler((arguments, context) -> PromptResult.user(arguments.toString()))
                    .build()))
            .build();

    @Test
    void pages_showEverythingOnceAndInOrder() {
        List<String> names = new ArrayList<>();
        String cursor = null;
        do {
            JsonNode page = list("tools/list", cursor).result();
            assertThat(page.get("tools").size()).isBetween(1, 3);
            assertThat(page.get("cacheScope").asText()).isEqualTo("private");
            assertThat(page.get("ttlMs").isIntegralNumber()).isTrue();
            page.get("tools").forEach(tool -> names.add(tool.get("name").asText()));
            cursor = page.path("nextCursor").textValue();
        } while (cursor != null);
        assertThat(names)
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "tool" + i).toList());
    }

    @Test
    void pages_ofAChangingListNeitherRepeatNorSkipWhatStays() {
        String cursor = list("tools/list", null).result().get("nextCursor").asText();
        // tool0 goes, tool10 comes: the cursor names tool2.
        engine.replaceTools(tools(1, 11));
        assertThat(list("tools/list", cursor).result().at("/tools/0/name").asText())
                .isEqualTo("tool3");
        engine.replaceTools(tools(5, 11));
        assertThat(list("tools/list", cursor).errorCode()).isEqualTo(RpcError.INVALID_PARAMS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"x\"", "5", "{}", "[]", "true", "\"dG9vbDI=\"", "\"dG9vbDI \""})
    void badCursor_isRefused(String cursor) {
        for (String method : List.of("tools/list", "resources/list", "resources/templates/list", "prompts/list")) {
            assertThat(Answer.to(engine, Wire.modern("1", method, "\"cursor\": " + cursor, "{}"))
                            .errorCode())
                    .as(method)
                    .isEqualTo(RpcError.INVALID_PARAMS);
        }
    }

    @Test
    void lists_keepFixedResourcesAndTemplatesApart() {
        JsonNode resources = list("resources/list", null).result().get("resources");
        JsonNode templates = list("resources/templates/list", null).result().get("resourceTemplates");
        assertThat(resources).allMatch(one -> one.has("uri") && !one.has("uriTemplate"));
        assertThat(templates).hasSize(2).allMatch(one -> one.has("uriTemplate") && !one.has("uri"));
    }

    @ParameterizedTest
    @CsvSource({
        "r://fixed, fixed {}",
        "r://other, template {x=other}",
        "r://a%2Fb, template {x=a/b}",
        "r://a/b, second {y=a/b}",
    })
    void read_takesTheFixedOneThenTheFirstTemplate(String uri, String text) {
        JsonNode result = read(uri).result();
        assertThat(result.at("/contents/0/text").asText()).isEqualTo(text);
        assertThat(result.at("/contents/0/uri").asText()).isEqualTo(uri);
        assertThat(result.get("cacheScope").asText()).isEqualTo("private");
    }

    @Test
    void read_ofBytesIsBase64() {
        JsonNode content = read("r://blob").result().at("/contents/0");
        assertThat(content.get("blob").asText()).isEqualTo("/wA=");
        assertThat(content.get("mimeType").asText()).isEqualTo("image/png");
        assertThat(content.has("text")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"u://x", "r://", "", "r://gone", "r://%zz"})
    void unknownResource_isNamed(String uri) {
        Answer modern = read(uri);
        assertThat(modern.errorCode()).isEqualTo(RpcError.INVALID_PARAMS);
        assertThat(modern.json().at("/error/data/uri").asText()).isEqualTo(uri);
        assertThat(modern.kind()).isEqualTo(Reply.Kind.ERROR);
        assertThat(Answer.to(engine, Wire.legacy("resources/read", "{\"uri\": \"" + uri + "\"}"))
                        .errorCode())
                .isEqualTo(RpcError.LEGACY_RESOURCE_NOT_FOUND);
    }

    @Test
    void readerThatRefuses_saysWhy() {
        MCPEngine engine = MCPEngine.builder(new ServerInfo("test", "1"))
                .resources(List.of(MCPResource.of("test://down", "down")
                        .reader((uri, variables, context) -> {
                            throw new MCPToolError("BROKER_UNAVAILABLE", "Kafka is down.", Map.of("uri", uri));
                        })
                        .build()))
                .build();
        Answer answer = Answer.to(engine, Wire.modern("resources/read", "\"uri\": \"test://down\"", "{}"));
        assertThat(answer.errorCode()).isEqualTo(-32603);
        assertThat(answer.errorMessage()).isEqualTo("Kafka is down.");
    }

    @Test
    void readerThatFails_tellsNothing() {
        Answer answer = read("r://crash");
        assertThat(answer.errorCode()).isEqualTo(RpcError.INTERNAL_ERROR);
        assertThat(answer.json().toString()).doesNotContain("secret", "Exception");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "name": "nope", "arguments": {"name": "x"}
            "name": "greet"
            "name": "greet", "arguments": {}
            "name": "greet", "arguments": {"name": 5}
            "name": "greet", "arguments": {"name": null}
            "name": "greet", "arguments": []
            "name": 5, "arguments": {"name": "x"}
            "arguments": {"name": "x"}
            """)
    void prompt_thatIsAskedForWronglyIsRefused(String params) {
        assertThat(Answer.to(engine, Wire.modern("1", "prompts/get", params, "{}"))
                        .errorCode())
                .isEqualTo(RpcError.INVALID_PARAMS);
    }

    @Test
    void completion_hasAHundredValuesAtMost() {
        JsonNode completion = complete("greet", "name", "\"v\"", ", \"context\": {\"arguments\": {\"style\": \"s\"}}")
                .result()
                .get("completion");
        assertThat(completion.get("values")).hasSize(100);
        assertThat(completion.at("/values/0").asText()).isEqualTo("v0{style=s}");
        assertThat(completion.get("total").asInt()).isEqualTo(150);
        assertThat(completion.get("hasMore").booleanValue()).isTrue();
    }

    @Test
    void completion_ofWhatHasNoneIsEmpty() {
        JsonNode completion = complete("greet", "other", "\"v\"", "").result().get("completion");
        assertThat(completion.get("values")).isEmpty();
        assertThat(completion.get("hasMore").booleanValue()).isFalse();
    }

    @Test
    void completion_thatIsAskedForWronglyIsRefused() {
        assertThat(complete("nope", "name", "\"v\"", "").errorCode()).isEqualTo(RpcError.INVALID_PARAMS);
        assertThat(complete("greet", "name", "5", "").errorCode()).isEqualTo(RpcError.INVALID_PARAMS);
        for (String ref : List.of("{}", "{\"type\": \"x\"}", "5", "{\"type\": \"ref/resource\", \"uri\": \"u\"}")) {
            String params = "\"ref\": " + ref + ", \"argument\": {\"name\": \"a\", \"value\": \"b\"}";
            assertThat(Answer.to(engine, Wire.modern("1", "completion/complete", params, "{}"))
                            .errorCode())
                    .isEqualTo(RpcError.INVALID_PARAMS);
        }
        Answer crash = complete("greet", "style", "\"v\"", "");
        assertThat(crash.errorCode()).isEqualTo(RpcError.INTERNAL_ERROR);
        assertThat(crash.json().toString()).doesNotContain("secret");
    }

    @Test
    void progress_risesAndNeedsAToken() {
        Answer answer = Answer.to(engine, withMeta("\"progressToken\": \"7\""));
        assertThat(answer.result()).isNotNull();
        assertThat(answer.notifications())
                .extracting(message -> message.at("/params/progress").asDouble())
                .containsExactly(1.0, 2.0, 2.5);
        assertThat(answer.notifications())
                .allMatch(message -> message.at("/params/progressToken").isTextual()
                        && message.at("/params/total").isMissingNode());
        for (String token : List.of("null", "1.5", "true", "{}", "[]")) {
            assertThat(Answer.to(engine, withMeta("\"progressToken\": " + token))
                            .notifications())
                    .as(token)
                    .isEmpty();
        }
        assertThat(Answer.to(engine, withMeta("\"x\": 1")).notifications()).isEmpty();
    }

    @Test
    void logMessages_needALevel() {
        String level = "\"io.modelcontextprotocol/logLevel\": ";
        assertThat(Answer.to(engine, withMeta(level + "\"debug\"")).notifications())
                .hasSize(3);
        List<JsonNode> messages =
                List.copyOf(Answer.to(engine, withMeta(level + "\"error\"")).notifications());
        assertThat(messages).hasSize(1);
        assertThat(messages.get(0).at("/params/level").asText()).isEqualTo("emergency");
        for (String bad : List.of("\"loud\"", "5", "null", "\"DEBUG\"")) {
            assertThat(Answer.to(engine, withMeta(level + bad)).errorCode()).isEqualTo(RpcError.INVALID_PARAMS);
        }
    }

    @Test
    void afterTheAnswer_nothingIsSent() {
        AtomicReference<RequestContext> kept = new AtomicReference<>();
        engine.replaceTools(List.of(MCPTool.builder("keep", Json.object().put("type", "object"))
                .description("x")
                .resultHandler((arguments, context) -> {
                    kept.set(context);
                    return ToolResult.text("x");
                })
                .build()));
        Answer answer = Answer.to(
                engine,
                Wire.modernCall("keep", "{}")
                        .replace(
                                "\"_meta\": {",
                                "\"_meta\": {\"progressToken\": 1, \"io.modelcontextprotocol/logLevel\": \"debug\", "));
        assertThat(answer.result()).isNotNull();
        kept.get().progress(5, null, null);
        kept.get().log(LogLevel.ALERT, "x", "y");
        assertThat(answer.notifications()).isEmpty();
    }

    @Test
    void resultThatCannotBeBuilt_isAnsweredAtOnce() {
        engine.replaceTools(List.of(tool("error", ToolResult.of(new Broken()))));
        Answer answer = Answer.to(engine, Wire.modernCall("error", "{}"));
        assertThat(answer.isThere()).isTrue();
        assertThat(answer.result().get("isError").booleanValue()).isTrue();
        assertThat(answer.json().toString()).doesNotContain("secret");
    }

    /** Its getter fails with an Error. */
    public static final class Broken {
        public String getText() {
            throw new AssertionError("secret");
        }
    }

    private static List<MCPTool> tools(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> tool("tool" + i, ToolResult.text("x")))
                .toList();
    }

    private static MCPTool tool(String name, ToolResult result) {
        return MCPTool.builder(name, Json.object().put("type", "object"))
                .description("x")
                .resultHandler((arguments, context) -> result)
                .build();
    }

    private static MCPResource resource(MCPResource.Builder builder, String text) {
        return builder.reader((uri, variables, context) -> ResourceResult.text(text + " " + variables))
                .build();
    }

    private static List<String> many(String typed, Map<String, String> others) {
        return IntStream.range(0, 150).mapToObj(i -> typed + i + others).toList();
    }

    private Answer list(String method, String cursor) {
        return Answer.to(
                engine,
                Wire.modern(
                        "1",
                        method,
                        Optional.ofNullable(cursor)
                                .map(c -> "\"cursor\": \"" + c + "\"")
                                .orElse(""),
                        "{}"));
    }

    private Answer read(String uri) {
        return Answer.to(engine, Wire.modern("1", "resources/read", "\"uri\": \"" + uri + "\"", "{}"));
    }

    private Answer complete(String prompt, String argument, String value, String more) {
        return Answer.to(
                engine,
                Wire.modern(
                        "1",
                        "completion/complete",
                        "\"ref\": {\"type\": \"ref/prompt\", \"name\": \"" + prompt + "\"}, \"argument\": {\"name\": \""
                                + argument + "\", \"value\": " + value + "}" + more,
                        "{}"));
    }

    private String withMeta(String member) {
        engine.replaceTools(List.of(MCPTool.builder("chatter", Json.object().put("type", "object"))
                .description("x")
                .resultHandler((arguments, context) -> {
                    for (double progress : new double[] {1, 1, 0, Double.NaN, 2, Double.POSITIVE_INFINITY, 2.5}) {
                        context.progress(progress, Double.NaN, null);
                    }
                    context.log(LogLevel.DEBUG, "x", "y");
                    context.log(LogLevel.INFO, "x", Map.of("a", 1));
                    context.log(LogLevel.EMERGENCY, "x", "y");
                    return ToolResult.text("done");
                })
                .build()));
        return Wire.modern("1", "tools/call", "\"name\": \"chatter\"", "{}")
                .replace("\"_meta\": {", "\"_meta\": {" + member + ", ");
    }
}
