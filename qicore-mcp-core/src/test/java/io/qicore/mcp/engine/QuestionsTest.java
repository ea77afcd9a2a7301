package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.resource.MCPResource;
import io.qicore.mcp.resource.ResourceResult;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.ElicitationAnswer;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ToolResult;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that need several rounds, in both eras. */
class QuestionsTest {

    private static final String FORM = "{\"elicitation\": {}}";
    private static final String YES = "{\"confirm\": {\"action\": \"accept\", \"content\": {\"yes\": true}}}";

    record Confirm(boolean yes) {}

    private final byte[] key = {
        1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8
    };
    private final MCPEngine engine = builder().stateKey(key).build();
    private final MCPEngine replica = builder().stateKey(key).build();

    private MCPEngine.Builder builder() {
        return Wire.engine(new Gate())
                .tools(List.of(
                        tool(
                                "confirm",
                                InputRequests.builder()
                                        .elicit("confirm", Elicitation.form("Sure?", Confirm.class))
                                        .state("plan")
                                        .build()),
                        tool(
                                "page",
                                InputRequests.builder()
                                        .elicit("confirm", Elicitation.url("Open", URI.create("https://x.example/")))
                                        .build()),
                        tool(
                                "sample",
                                InputRequests.builder()
                                        .sample("confirm", Json.object().put("maxTokens", 5))
                                        .build()),
                        tool(
                                "roots",
                                InputRequests.builder().listRoots("confirm").build()),
                        tool(
                                "all",
                                InputRequests.builder()
                                        .elicit("confirm", Elicitation.form("Sure?", Confirm.class))
                                        .listRoots("roots")
                                        .build()),
                        MCPTool.builder("count", Json.object().put("type", "object"))
                                .description("Counts its rounds.")
                                .resultHandler((arguments, context) -> count(context))
                                .build()))
                .prompts(List.of(MCPPrompt.builder("p")
                        .handler((arguments, context) -> answered(context)
                                .map(answer -> PromptResult.user("answered"))
                                .orElseGet(() -> PromptResult.inputRequired(InputRequests.builder()
                                        .elicit("confirm", Elicitation.form("Sure?", Confirm.class))
                                        .build())))
                        .build()))
                .resources(List.of(MCPResource.of("r://x", "x")
                        .reader((uri, variables, context) -> answered(context)
                                .map(answer -> ResourceResult.text("answered"))
                                .orElseGet(() -> ResourceResult.inputRequired(InputRequests.builder()
                                        .elicit("confirm", Elicitation.form("Sure?", Confirm.class))
                                        .build())))
                        .build()));
    }

    @Test
    void question_isARequestWithoutEnvelope() {
        JsonNode result = call("confirm", "", FORM).result();
        assertThat(result.get("resultType").asText()).isEqualTo("input_required");
        assertThat(result.at("/_meta/io.modelcontextprotocol~1serverInfo/name").asText())
                .isEqualTo("test");
        assertThat(result.has("ttlMs")).isFalse();
        JsonNode question = result.at("/inputRequests/confirm");
        assertThat(question.get("method").asText()).isEqualTo("elicitation/create");
        assertThat(question.has("id") || question.has("jsonrpc")).isFalse();
        assertThat(question.at("/params/requestedSchema/type").asText()).isEqualTo("object");
        assertThat(result.get("requestState").asText()).doesNotContain("\n");
    }

    @Test
    void answer_isTakenByAnyReplicaWithTheKey() {
        String state = call("confirm", "", FORM).result().get("requestState").asText();
        for (MCPEngine any : List.of(replica, engine)) {
            Answer answer = Answer.to(any, round("confirm", YES, state, FORM));
            assertThat(answer.result().at("/content/0/text").asText()).isEqualTo("ACCEPT plan");
        }
        Answer stranger = Answer.to(builder().build(), round("confirm", YES, state, FORM));
        assertThat(stranger.errorCode()).isEqualTo(RpcError.INVALID_PARAMS);
    }

    @Test
    void rounds_ofManyRequestsInterleaveBetweenReplicas() {
        List<String> states = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            states.add(null);
        }
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < states.size(); i++) {
                MCPEngine any = (round + i) % 2 == 0 ? engine : replica;
                JsonNode result = Answer.to(any, countRound(i, states.get(i))).result();
                assertThat(result.get("resultType").asText()).isEqualTo("input_required");
                states.set(i, result.get("requestState").asText());
            }
        }
        for (int i = 0; i < states.size(); i++) {
            assertThat(Answer.to(replica, countRound(i, states.get(i)))
                            .result()
                            .at("/content/0/text")
                            .asText())
                    .isEqualTo("5");
            // Another caller's state.
            assertThat(Answer.to(engine, countRound(i, states.get((i + 1) % states.size())))
                            .errorCode())
                    .isEqualTo(RpcError.INVALID_PARAMS);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            confirm | {} | {"elicitation":{"form":{}}}
            confirm | {"elicitation": {"url": {}}} | {"elicitation":{"form":{}}}
            confirm | {"sampling": {}, "roots": {}, "unknown": 1} | {"elicitation":{"form":{}}}
            confirm | {"elicitation": null} | {"elicitation":{"form":{}}}
            page | {"elicitation": {}} | {"elicitation":{"url":{}}}
            page | {"elicitation": {"form": {}}} | {"elicitation":{"url":{}}}
            sample | {"elicitation": {}} | {"sampling":{}}
            roots | {"elicitation": {}} | {"roots":{}}
            all | {"elicitation": {}} | {"roots":{}}
            all | {} | {"elicitation":{"form":{}},"roots":{}}
            """)
    void client_thatDidNotDeclareIsNotAsked(String tool, String capabilities, String required) {
        Answer answer = call(tool, "", capabilities);
        answer.isBadRequest(RpcError.MISSING_CLIENT_CAPABILITY);
        assertThat(answer.json().at("/error/data/requiredCapabilities")).hasToString(required);
    }

    @Test
    void capabilities_ofAnEarlierRequestDoNotCount() {
        String state = call("count", "", FORM).result().get("requestState").asText();
        ClientConnection connection = MCPEngine.newConnection();
        Answer.to(engine, Wire.modern("1", "tools/call", "\"name\": \"confirm\"", FORM), Wire.on(connection))
                .result();
        Answer.to(engine, Wire.modern("2", "tools/call", "\"name\": \"confirm\"", "{}"), Wire.on(connection))
                .isBadRequest(RpcError.MISSING_CLIENT_CAPABILITY);
        assertThat(state).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"other\": {\"action\": \"accept\"}}",
                "{\"confirm\": null}",
                "{\"confirm\": 5}",
                "{\"confirm\": {\"action\": \"maybe\"}}",
                "{\"confirm\": {\"content\": {}}}"
            })
    void missingOrMalformedAnswer_isAskedForAgain(String responses) {
        assertThat(call("confirm", ", \"inputResponses\": " + responses, FORM)
                        .result()
                        .get("resultType")
                        .asText())
                .isEqualTo("input_required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ", \"inputResponses\": []",
                ", \"inputResponses\": \"x\"",
                ", \"requestState\": 5",
                ", \"requestState\": null",
                ", \"requestState\": {}",
                ", \"requestState\": \"\"",
                ", \"requestState\": \"e30.e30\""
            })
    void malformedRound_isRefused(String more) {
        assertThat(call("confirm", more, FORM).errorCode()).isEqualTo(RpcError.INVALID_PARAMS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"decline", "cancel"})
    void refusal_reachesTheHandler(String action) {
        String state = call("confirm", "", FORM).result().get("requestState").asText();
        String responses = "{\"confirm\": {\"action\": \"" + action + "\", \"extra\": 1}, \"more\": 2}";
        assertThat(Answer.to(engine, round("confirm", responses, state, FORM))
                        .result()
                        .at("/content/0/text")
                        .asText())
                .isEqualToIgnoringCase(action + " plan");
    }

    @ParameterizedTest
    @CsvSource({"prompts/get, name, p", "resources/read, uri, r://x"})
    void promptsAndResources_mayAskToo(String method, String name, String value) {
        String params = "\"" + name + "\": \"" + value + "\"";
        JsonNode asked =
                Answer.to(engine, Wire.modern("1", method, params, FORM)).result();
        assertThat(asked.get("resultType").asText()).isEqualTo("input_required");
        assertThat(asked.has("ttlMs") || asked.has("cacheScope")).isFalse();
        JsonNode done = Answer.to(engine, Wire.modern("2", method, params + ", \"inputResponses\": " + YES, FORM))
                .result();
        assertThat(done.get("resultType").asText()).isEqualTo("complete");
        assertThat(done.toString()).contains("answered");
    }

    @Test
    void olderClient_isAskedOnTheStreamOfTheCall() {
        ClientConnection connection = initialized("2025-11-25", FORM);
        Answer call = Answer.to(engine, Wire.legacyCall("confirm", "{}"), Wire.on(connection));
        JsonNode question = call.await("elicitation/create", 1).get(0);
        assertThat(question.get("id").asText()).hasSizeGreaterThan(20);
        assertThat(call.isThere()).isFalse();
        respond(connection, "{\"jsonrpc\": \"2.0\", \"id\": \"guessed\", \"result\": {}}");
        respond(connection, "{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {}}");
        assertThat(call.isThere()).isFalse();
        String answer = "{\"jsonrpc\": \"2.0\", \"id\": " + question.get("id")
                + ", \"result\": {\"action\": \"accept\", \"content\": {\"yes\": true}}}";
        respond(connection, answer);
        assertThat(call.result().at("/content/0/text").asText()).isEqualTo("ACCEPT plan");
        respond(connection, answer);
        await().untilAsserted(() -> assertThat(Leaks.of(engine)).isEmpty());
    }

    @Test
    void olderClient_thatAnswersWithinTheQuestionIsUnderstood() {
        ClientConnection connection = initialized("2025-11-25", FORM);
        for (int i = 0; i < 200; i++) {
            Answer call = new Answer() {
                @Override
                public void notification(com.fasterxml.jackson.databind.node.ObjectNode message) {
                    super.notification(message);
                    respond(
                            connection,
                            "{\"jsonrpc\": \"2.0\", \"id\": " + message.get("id")
                                    + ", \"result\": {\"action\": \"decline\"}}");
                }
            };
            engine.handle(
                    Wire.legacyCall("confirm", "{}").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    Wire.on(connection),
                    call);
            assertThat(call.result().at("/content/0/text").asText()).isEqualTo("DECLINE plan");
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .untilAsserted(() -> assertThat(Leaks.of(engine)).isEmpty());
        }
    }

    @Test
    void olderClient_thatCannotBeAskedIsTold() {
        ClientConnection connection = initialized("2025-06-18", "{}");
        Answer answer = Answer.to(engine, Wire.legacyCall("confirm", "{}"), Wire.on(connection));
        assertThat(answer.json().toString()).contains("elicitation");
        assertThat(answer.notifications()).isEmpty();
    }

    @Test
    void cancellationOfAQuestion_leavesNothing() {
        ClientConnection connection = initialized("2025-11-25", FORM);
        List<Answer> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(Answer.to(engine, Wire.legacyCall("" + i, "confirm", "{}"), Wire.on(connection)));
        }
        assertThat(Leaks.of(engine)).containsEntry("serverRequests", 50).containsEntry("calls", 50);
        for (int i = 0; i < 50; i++) {
            Answer.to(engine, Wire.cancelled("" + i), Wire.on(connection));
        }
        assertThat(calls).allMatch(Answer::isCancelled);
        await().untilAsserted(() -> assertThat(Leaks.of(engine)).isEmpty());
    }

    private ClientConnection initialized(String version, String capabilities) {
        ClientConnection connection = MCPEngine.newConnection();
        Answer.to(
                        engine,
                        Wire.legacy(
                                "initialize",
                                "{\"protocolVersion\": \"" + version + "\", \"capabilities\": " + capabilities
                                        + ", \"clientInfo\": {\"name\": \"c\", \"version\": \"1\"}}"),
                        Wire.on(connection))
                .result();
        return connection;
    }

    private void respond(ClientConnection connection, String response) {
        assertThat(Answer.to(engine, response, Wire.on(connection)).kind()).isEqualTo(Reply.Kind.ACCEPTED);
    }

    private Answer call(String tool, String more, String capabilities) {
        return Answer.to(engine, Wire.modern("1", "tools/call", "\"name\": \"" + tool + "\"" + more, capabilities));
    }

    private static String round(String tool, String responses, String state, String capabilities) {
        return Wire.modern(
                "2",
                "tools/call",
                "\"name\": \"" + tool + "\", \"inputResponses\": " + responses + ", \"requestState\": \"" + state
                        + "\"",
                capabilities);
    }

    private static String countRound(int caller, String state) {
        return Wire.modern(
                "" + caller,
                "tools/call",
                "\"name\": \"count\", \"arguments\": {\"caller\": " + caller + "}"
                        + (state == null ? "" : ", \"requestState\": \"" + state + "\""),
                "{}");
    }

    private static MCPTool tool(String name, InputRequests requests) {
        return MCPTool.builder(name, Json.object().put("type", "object"))
                .description("Asks.")
                .resultHandler((arguments, context) -> answered(context)
                        .map(answer -> ToolResult.text(answer.action() + " "
                                + context.inputs().state(String.class).orElse("")))
                        .orElseGet(() -> ToolResult.inputRequired(requests)))
                .build();
    }

    private static ToolResult count(RequestContext context) {
        int rounds = context.inputs().state(Integer.class).orElse(0);
        return rounds == 5
                ? ToolResult.text("5")
                : ToolResult.inputRequired(
                        InputRequests.builder().state(rounds + 1).build());
    }

    private static Optional<ElicitationAnswer> answered(RequestContext context) {
        return context.inputs().elicitation("confirm");
    }
}
