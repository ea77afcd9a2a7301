package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.ClientConnection;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.ToolResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Handlers that ask, and clients of older revisions: requests on the stream of the call. */
class LegacyQuestionTest {

    private static final String GREET = Wire.legacyCall("greet", "{\"text\": \"Hello\"}");
    private static final String ALL = Wire.legacyCall("all", "{}");

    private final MCPEngine engine = Asking.engine();

    @Test
    void question_isARequestOnTheStreamAndItsResponseGoesOn() {
        Answer call = Answer.to(engine, GREET, client("{\"elicitation\": {}}"));

        JsonNode question = call.notifications(1).get(0);
        assertThat(question.get("method").asText()).isEqualTo("elicitation/create");
        assertThat(question.at("/params/message").asText()).isEqualTo("Who are you?");
        assertThat(call.isThere()).isFalse();

        respond(question, "{\"action\": \"accept\", \"content\": {\"name\": \"Ada\"}}");
        assertThat(call.result().at("/content/0/text").asText()).isEqualTo("Hello Ada");
        LegacyRequestTest.isLegacy(call.result());
    }

    @Test
    void severalQuestions_areAskedAtOnceAndAnsweredInAnyOrder() {
        Answer call = Answer.to(engine, ALL, client("{\"elicitation\": {}, \"sampling\": {}, \"roots\": {}}"));

        List<JsonNode> questions = call.notifications(3);
        assertThat(questions)
                .extracting(question -> question.get("method").asText())
                .containsExactly("elicitation/create", "sampling/createMessage", "roots/list");
        respond(questions.get(2), "{\"roots\": [{\"uri\": \"file:///home\"}]}");
        respond(questions.get(1), "{\"model\": \"m\"}");
        assertThat(call.isThere()).isFalse();
        respond(questions.get(0), "{\"action\": \"decline\"}");
        assertThat(call.result().at("/content/0/text").asText()).isEqualTo("file:///home m DECLINE");
    }

    @Test
    void promptsAndResources_askToo() {
        for (String request : List.of(
                Wire.legacy("prompts/get", "{\"name\": \"hello\"}"),
                Wire.legacy("resources/read", "{\"uri\": \"test://me\"}"))) {
            Answer call = Answer.to(engine, request, client("{\"elicitation\": {}}"));
            respond(call.notifications(1).get(0), "{\"action\": \"accept\", \"content\": {\"name\": \"Ada\"}}");
            assertThat(call.result().toString()).contains("Ada");
        }
    }

    @Test
    void clientThatCannotAnswer_isNotAskedAndReadsWhyInAnOrdinaryError() {
        for (CallMetadata metadata : List.of(client("{\"sampling\": {}}"), client("{}"), Wire.headers())) {
            Answer call = Answer.to(engine, GREET, metadata);
            assertThat(call.errorCode()).isEqualTo(-32021);
            assertThat(call.errorMessage()).contains("elicitation");
            assertThat(call.kind()).isEqualTo(Reply.Kind.ERROR);
            assertThat(call.notifications()).isEmpty();
        }
    }

    @Test
    void clientThatTakesNoStream_isNotAsked() {
        Answer call = Answer.to(engine, GREET, client("{\"elicitation\": {}}", "Accept", "application/json"));
        assertThat(call.errorCode()).isEqualTo(-32021);
    }

    @Test
    void errorOfTheClient_endsTheCallAndSaysSo() {
        Answer call = Answer.to(engine, GREET, client("{\"elicitation\": {}}"));
        Answer.to(engine, """
                {"jsonrpc": "2.0", "id": %s, "error": {"code": -1, "message": "No window."}}""".formatted(call.notifications(1).get(0).get("id")));
        assertThat(call.errorCode()).isEqualTo(-32603);
        assertThat(call.errorMessage()).contains("elicitation/create", "-1", "No window.");
    }

    @Test
    void handlerThatNeverHasEnough_isStopped() {
        Answer call = Answer.to(engine, Wire.legacyCall("insist", "{}"), client("{\"elicitation\": {}}"));
        int asked = 0;
        while (asked < 20) {
            respond(call.notifications(asked + 1).get(asked), "{}");
            asked++;
        }
        assertThat(call.errorCode()).isEqualTo(-32603);
        assertThat(call.notifications()).hasSize(20);
    }

    @Test
    void clientThatGoesAwayWhileItIsAsked_cancels() {
        CallMetadata metadata = client("{\"elicitation\": {}}");
        Answer call = Answer.to(engine, GREET, metadata);
        JsonNode question = call.notifications(1).get(0);

        metadata.control().disconnected();

        await().atMost(Gate.PATIENCE).until(call::isCancelled);
        respond(question, "{\"action\": \"accept\", \"content\": {\"name\": \"Ada\"}}");
        assertThat(call.notifications()).hasSize(1);
    }

    @Test
    void callsThatEnd_leaveRoomForOthers() {
        MCPEngine small = MCPEngine.builder(new ServerInfo("test", "1"))
                .tools(List.of(MCPTool.builder("ask", Json.object().put("type", "object"))
                        .description("Asks once.")
                        .resultHandler((arguments, context) ->
                                context.inputs().raw("model").isPresent()
                                        ? ToolResult.text("done")
                                        : ToolResult.inputRequired(InputRequests.builder()
                                                .sample("model", Json.object())
                                                .build()))
                        .build()))
                .maxConcurrentCalls(1)
                .build();
        for (int i = 0; i < 3; i++) {
            Answer call = Answer.to(small, Wire.legacyCall("ask", "{}"), client("{\"sampling\": {}}"));
            assertThat(Answer.to(small, Wire.legacy("ping", "{}")).kind()).isEqualTo(Reply.Kind.BUSY);
            respond(small, call.notifications(1).get(0), "{}");
            assertThat(call.kind()).isEqualTo(Reply.Kind.RESULT);
            await().atMost(Gate.PATIENCE)
                    .until(() -> Answer.to(small, Wire.legacy("ping", "{}")).kind() == Reply.Kind.RESULT);
        }
    }

    @Test
    void connection_remembersWhatItsClientCan() {
        ClientConnection connection = MCPEngine.newConnection();
        Answer.to(engine, initialize("{\"elicitation\": {}}"), Wire.on(connection));
        Answer call = Answer.to(engine, GREET, Wire.on(connection));
        assertThat(call.notifications(1).get(0).get("method").asText()).isEqualTo("elicitation/create");
    }

    /** What an HTTP client sends along after it has said what it can do. */
    private CallMetadata client(String capabilities, String... headers) {
        Map<String, String> all = new HashMap<>();
        all.put("accept", "application/json, text/event-stream");
        all.put("mcp-protocol-version", "2025-11-25");
        String session = Answer.to(engine, initialize(capabilities), Wire.headers())
                .get()
                .headers()
                .get("Mcp-Session-Id");
        if (session != null) {
            all.put("mcp-session-id", session);
        }
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i].toLowerCase(Locale.ROOT), headers[i + 1]);
        }
        return CallMetadata.none().withHeaders(name -> all.get(name.toLowerCase(Locale.ROOT)));
    }

    private static String initialize(String capabilities) {
        return Wire.legacy("initialize", """
                {"protocolVersion": "2025-11-25", "capabilities": %s,
                 "clientInfo": {"name": "old", "version": "1"}}""".formatted(capabilities));
    }

    private void respond(JsonNode question, String result) {
        respond(engine, question, result);
    }

    private static void respond(MCPEngine engine, JsonNode question, String result) {
        ObjectNode response = Json.object().put("jsonrpc", "2.0");
        response.set("id", question.get("id"));
        try {
            response.set("result", Json.MAPPER.readTree(result));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(Answer.to(engine, response.toString(), Wire.headers()).kind())
                .isEqualTo(Reply.Kind.ACCEPTED);
    }
}
