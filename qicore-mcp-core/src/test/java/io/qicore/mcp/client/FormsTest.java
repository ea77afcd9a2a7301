package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.handler.FormHandler;
import io.qicore.mcp.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to the forms of servers are checked before they are sent. */
class FormsTest {

    private static final String FORM = "{'type':'object','properties':{"
            + "'name':{'type':'string','minLength':2,'default':'Ann'},"
            + "'mail':{'type':'string','format':'email'},"
            + "'day':{'type':'string','format':'date'},"
            + "'size':{'type':'integer','minimum':1,'maximum':9},"
            + "'color':{'type':'string','oneOf':[{'const':'r','title':'Red'},{'const':'g','title':'Green'}]},"
            + "'tags':{'type':'array','items':{'enum':['a','b']},'minItems':1}"
            + "},'required':['name','size']}";

    private static JsonNode sent(String schema, FormHandler handler) throws Exception {
        try (ForeignServer server = new ForeignServer(request -> {
                    if (request.params().has("inputResponses")) {
                        request.result("{\"structuredContent\":"
                                + request.params().get("inputResponses").get("q") + "}");
                    } else {
                        request.result("{\"resultType\":\"input_required\",\"inputRequests\":{\"q\":{\"method\":"
                                + "\"elicitation/create\",\"params\":{\"message\":\"m\",\"requestedSchema\":"
                                + schema.replace('\'', '"') + "}}}}");
                    }
                });
                MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .protocol(ProtocolMode.modern())
                        .onForm(handler)
                        .build()) {
            try {
                return client.call("t", Map.of());
            } finally {
                assertThat(server.requests().stream()
                                .filter(request -> request.text().contains("secret")))
                        .isEmpty();
            }
        }
    }

    private static Map<?, ?> fields(String json) throws Exception {
        return Json.MAPPER.convertValue(Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)), Map.class);
    }

    @Test
    @SuppressWarnings("unchecked")
    void answerThatMatches_isSentWithTheDefaults() throws Exception {
        JsonNode answer = sent(
                FORM,
                form -> form.accept((Map<String, ?>)
                        fields("{'size':3,'mail':'a@b.example','day':'2026-11-26','color':'g','tags':['a','b']}")));
        assertThat(answer.get("action").asText()).isEqualTo("accept");
        assertThat(answer.get("content").get("name").asText()).isEqualTo("Ann");
        assertThat(answer.get("content").get("tags").size()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':'secret'} | size",
                "{'size':0} | size",
                "{'size':'3'} | size",
                "{'size':3,'name':'A'} | name",
                "{'size':3,'mail':'nobody'} | mail",
                "{'size':3,'day':'26.11.2026'} | day",
                "{'size':3,'color':'blue'} | color",
                "{'size':3,'tags':[]} | tags",
                "{'size':3,'tags':['c']} | tags",
            })
    @SuppressWarnings("unchecked")
    void answerThatDoesNotMatch_isNotSent(String fields, String field) {
        assertThatThrownBy(() -> sent(FORM, form -> form.accept((Map<String, ?>) fields(fields))))
                .isInstanceOf(MCPInputException.class)
                .hasMessageContaining("does not match the form")
                .hasMessageContaining(field);
    }

    @Test
    void handlerThatReturnsNothing_isNamed() {
        assertThatThrownBy(() -> sent(FORM, form -> null))
                .isInstanceOf(MCPInputException.class)
                .hasMessageContaining("onForm has returned null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"decline", "cancel"})
    void answerOfAUserWhoDoesNotAgree_needsNoFields(String action) throws Exception {
        JsonNode answer = sent(FORM, form -> action.equals("decline") ? form.decline() : form.cancel());
        assertThat(answer.get("action").asText()).isEqualTo(action);
        assertThat(answer.has("content")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'$ref':'#'}", "{'$ref':'http://evil.example/x'}", "{'properties':{'a':{'pattern':'('}}}"})
    void formThatCannotBeUsed_isATypedError(String schema) {
        assertThatThrownBy(() -> sent(schema, form -> form.accept(Map.of("a", "x"))))
                .isInstanceOf(MCPInputException.class)
                .hasMessageContaining("cannot be used");
    }
}
