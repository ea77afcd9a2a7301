package io.qicore.mcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of MCP 2026-07-28 that take several rounds. */
class InputRequiredTest {

    private static final String CAPABLE = "{\"elicitation\": {}, \"sampling\": {}, \"roots\": {}}";
    private static final String GREET = "\"name\": \"greet\", \"arguments\": {\"text\": \"Hello\"}";
    private static final String ACCEPTED = """
            "inputResponses": {"name": {"action": "accept", "content": {"name": "Ada"}}}""";

    private final MCPEngine engine = Asking.engine();

    @Test
    void question_isAResultWithASealedState() {
        JsonNode result = call(engine, GREET).result();

        assertThat(result.get("resultType").asText()).isEqualTo("input_required");
        JsonNode question = result.at("/inputRequests/name");
        assertThat(question.get("method").asText()).isEqualTo("elicitation/create");
        assertThat(question.at("/params/message").asText()).isEqualTo("Who are you?");
        assertThat(question.at("/params/requestedSchema/properties/name/type").asText())
                .isEqualTo("string");
        assertThat(result.get("requestState").isTextual()).isTrue();
        assertThat(result.has("content")).isFalse();
    }

    @Test
    void answer_isTakenByAnotherReplicaWithTheSameKey() {
        String state = state(engine);
        assertThat(text(call(Asking.engine(), GREET + ", " + ACCEPTED + ", " + state)))
                .isEqualTo("Hello Ada");
    }

    @Test
    void state_isOfNoUseToAnotherRequestOrKey() {
        String state = state(engine);
        refused(call(engine, GREET.replace("Hello", "Bye") + ", " + ACCEPTED + ", " + state));
        refused(call(engine, GREET.replace("greet", "all") + ", " + ACCEPTED + ", " + state));
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 1);
        refused(call(Asking.engine(key), GREET + ", " + ACCEPTED + ", " + state));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"x\"", "\".\"", "\"x.y\"", "\"****.****\"", "5", "{}"})
    void stateThatIsNotOurs_isRefused(String state) {
        assertThat(call(engine, GREET + ", \"requestState\": " + state).errorCode())
                .isEqualTo(-32602);
    }

    @Test
    void tamperedState_isRefused() {
        String state = state(engine);
        refused(call(engine, GREET + ", " + state.replaceFirst(".\"$", "-TAMPERED\"")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "5"})
    void answersThatAreNoObject_areRefused(String answers) {
        assertThat(call(engine, GREET + ", \"inputResponses\": " + answers).errorCode())
                .isEqualTo(-32602);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"other\": {\"action\": \"accept\"}}", "{\"name\": 5}", "{\"name\": {\"action\": \"x\"}}"
            })
    void answerThatIsMissing_isAskedForAgain(String answers) {
        JsonNode result =
                call(engine, GREET + ", \"inputResponses\": " + answers).result();
        assertThat(result.get("resultType").asText()).isEqualTo("input_required");
    }

    @Test
    void declinedQuestion_reachesTheHandler() {
        String declined = "\"inputResponses\": {\"name\": {\"action\": \"decline\"}}";
        assertThat(text(call(engine, GREET + ", " + declined + ", " + state(engine))))
                .isEqualTo("As you like.");
    }

    @Test
    void contentThatDoesNotFitTheForm_isAToolError() {
        String wrong = "\"inputResponses\": {\"name\": {\"action\": \"accept\", \"content\": {\"name\": 5}}}";
        JsonNode result =
                call(engine, GREET + ", " + wrong + ", " + state(engine)).result();
        assertThat(result.get("isError").asBoolean()).isTrue();
        assertThat(result.at("/structuredContent/code").asText()).isEqualTo("INVALID_ARGUMENT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                  | sampling, roots, elicitation",
                "{'sampling': {}, 'roots': {}}       | elicitation",
                "{'elicitation': {'url': {}}, 'roots': {}, 'sampling': {}} | elicitation"
            })
    void whatTheClientCannotAnswer_isNotAsked(String capabilities, String missing) {
        Answer answer =
                Answer.to(engine, Wire.modern("tools/call", "\"name\": \"all\"", capabilities.replace('\'', '"')));
        answer.isBadRequest(-32021);
        assertThat(answer.json().at("/error/data/requiredCapabilities").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(missing.split(", "));
    }

    @Test
    void severalQuestions_areAskedAtOnce() {
        JsonNode asked = call(engine, "\"name\": \"all\"").result().get("inputRequests");
        assertThat(asked)
                .extracting(one -> one.get("method").asText())
                .containsExactly("elicitation/create", "sampling/createMessage", "roots/list");
        assertThat(text(call(engine, """
                "name": "all", "inputResponses": {"name": {"action": "cancel"}, "model": {"model": "m"},
                "roots": {"roots": [{"uri": "file:///home"}]}}"""))).isEqualTo("file:///home m CANCEL");
    }

    @Test
    void promptsAndResources_askToo() {
        String get = "\"name\": \"hello\"";
        assertThat(send("prompts/get", get).result().get("resultType").asText()).isEqualTo("input_required");
        assertThat(send("prompts/get", get + ", " + ACCEPTED)
                        .result()
                        .at("/messages/0/content/text")
                        .asText())
                .isEqualTo("Ada");

        String read = "\"uri\": \"test://me\"";
        assertThat(send("resources/read", read).result().get("resultType").asText())
                .isEqualTo("input_required");
        assertThat(send("resources/read", read + ", " + ACCEPTED)
                        .result()
                        .at("/contents/0/text")
                        .asText())
                .isEqualTo("Ada");
    }

    private Answer send(String method, String params) {
        return Answer.to(engine, Wire.modern(method, params, CAPABLE));
    }

    private static Answer call(MCPEngine engine, String params) {
        return Answer.to(engine, Wire.modern("tools/call", params, CAPABLE));
    }

    private static String state(MCPEngine engine) {
        return "\"requestState\": "
                + call(engine, GREET).result().get("requestState").toString();
    }

    private static String text(Answer answer) {
        return answer.result().at("/content/0/text").asText();
    }

    private static void refused(Answer answer) {
        assertThat(answer.errorCode()).isEqualTo(-32602);
        assertThat(answer.errorMessage()).contains("requestState");
    }
}
