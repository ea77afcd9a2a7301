package io.qicore.mcp.timescale.internal.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.timescale.access.TimescaleErrorCode;
import io.qicore.mcp.timescale.internal.change.Confirmation.Verdict;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.InputResponses;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.change.ConfirmationMode;
import org.junit.jupiter.api.Test;

class ConfirmationTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void clientThatCannotAsk_goesAhead_unlessAConfirmationIsDemanded() {
        RequestContext mute = client(false, InputResponses.NONE);
        assertThat(verdict(ConfirmationMode.DESTRUCTIVE, null, mute)).isEqualTo(Verdict.PROCEED);
        assertThat(verdict(ConfirmationMode.NEVER, null, mute)).isEqualTo(Verdict.PROCEED);
        assertThat(verdict(ConfirmationMode.ALWAYS, null, mute)).isEqualTo(Verdict.SHOW_PLAN);
        assertThat(verdict(ConfirmationMode.ALWAYS, "now", mute)).isEqualTo(Verdict.PROCEED);
    }

    @Test
    void planThatChanged_isRefused() {
        assertThatThrownBy(() -> verdict(ConfirmationMode.NEVER, "then", client(true, InputResponses.NONE)))
                .isInstanceOfSatisfying(MCPToolError.class, e -> {
                    assertThat(e.is(TimescaleErrorCode.PLAN_CHANGED)).isTrue();
                    assertThat(e.context()).containsEntry("planHash", "now");
                });
    }

    @Test
    void clientThatCanAsk_isAsked_andItsAnswerCounts() throws Exception {
        for (ConfirmationMode mode : new ConfirmationMode[] {ConfirmationMode.DESTRUCTIVE, ConfirmationMode.ALWAYS}) {
            assertThat(verdict(mode, null, client(true, InputResponses.NONE))).isEqualTo(Verdict.ASK);
            assertThat(verdict(mode, null, client(true, answer("now", "accept", true))))
                    .isEqualTo(Verdict.PROCEED);
            assertThat(verdict(mode, null, client(true, answer("then", "accept", true))))
                    .as("the plan is another one by now")
                    .isEqualTo(Verdict.ASK);
            for (InputResponses no :
                    new InputResponses[] {answer("now", "accept", false), answer("now", "decline", null)}) {
                assertThatThrownBy(() -> verdict(mode, null, client(true, no)))
                        .isInstanceOfSatisfying(
                                MCPToolError.class, e -> assertThat(e.is(TimescaleErrorCode.NOT_CONFIRMED))
                                        .isTrue());
            }
        }
        assertThat(verdict(ConfirmationMode.NEVER, null, client(true, InputResponses.NONE)))
                .isEqualTo(Verdict.PROCEED);
    }

    @Test
    void question_carriesTheHashAlong() {
        InputRequests question = new Confirmation(ConfirmationMode.ALWAYS).question("Delete 3 chunks?", "now");
        assertThat(question.items().get("confirm").params().path("message").asText())
                .isEqualTo("Delete 3 chunks?");
        assertThat(JSON.valueToTree(question.state()).path("hash").asText()).isEqualTo("now");
    }

    @Test
    void planHash_isTheSameForTheSamePlan() {
        assertThat(PlanHash.of("t", 1, "a")).isEqualTo(PlanHash.of("t", 1, "a")).hasSize(16);
        assertThat(PlanHash.of("t", 1, "a")).isNotEqualTo(PlanHash.of("t", 1, "b"));
        assertThat(PlanHash.of("t", 1, "a")).isNotEqualTo(PlanHash.of("u", 1, "a"));
    }

    private static Verdict verdict(ConfirmationMode mode, String repeated, RequestContext context) {
        return new Confirmation(mode).on("now", repeated, context);
    }

    private static InputResponses answer(String hash, String action, Boolean proceed) throws Exception {
        ObjectNode answer = JSON.createObjectNode().put("action", action);
        if (proceed != null) {
            answer.putObject("content").put("proceed", proceed);
        }
        ObjectNode responses = JSON.createObjectNode();
        responses.set("confirm", answer);
        return new InputResponses(responses, JSON.createObjectNode().put("hash", hash));
    }

    private static RequestContext client(boolean canAsk, InputResponses inputs) {
        RequestContext context = mock(RequestContext.class);
        when(context.clientSupports(ClientFeature.ELICITATION_FORM)).thenReturn(canAsk);
        when(context.inputs()).thenReturn(inputs);
        return context;
    }
}
