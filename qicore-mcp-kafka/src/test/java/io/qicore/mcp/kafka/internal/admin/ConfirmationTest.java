package io.qicore.mcp.kafka.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.InputResponses;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ToolResult;
import io.qicore.mcp.tool.change.ConfirmationMode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfirmationTest {

    private final RequestContext context = mock(RequestContext.class);

    @BeforeEach
    void firstRound() {
        when(context.inputs()).thenReturn(InputResponses.NONE);
    }

    @Test
    void clientThatCannotBeAsked_goesAheadUnlessAlwaysIsSet() {
        assertThat(decide(ConfirmationMode.DESTRUCTIVE, null)).isEqualTo(ToolResult.of("applied"));
        assertThat(decide(ConfirmationMode.NEVER, null)).isEqualTo(ToolResult.of("applied"));
        assertThat(decide(ConfirmationMode.ALWAYS, null)).isEqualTo(ToolResult.of("plan"));
    }

    @Test
    void clientThatCanAsk_isAskedUnlessNeverIsSet() {
        when(context.clientSupports(ClientFeature.ELICITATION_FORM)).thenReturn(true);

        assertThat(decide(ConfirmationMode.NEVER, null)).isEqualTo(ToolResult.of("applied"));
        for (var mode : List.of(ConfirmationMode.DESTRUCTIVE, ConfirmationMode.ALWAYS)) {
            assertThat(decide(mode, null)).isInstanceOfSatisfying(ToolResult.InputRequired.class, asked -> {
                assertThat(asked.requests().state()).isEqualTo("h");
                assertThat(asked.requests()
                                .items()
                                .get("confirm")
                                .params()
                                .path("message")
                                .asText())
                        .isEqualTo("Sure?");
            });
        }
    }

    @Test
    void userWhoAgrees_agreesToThePlanThatWasShown() throws Exception {
        answer("{'action':'accept','content':{'proceed':true}}", "h");
        assertThat(decide(ConfirmationMode.ALWAYS, null)).isEqualTo(ToolResult.of("applied"));

        answer("{'action':'accept','content':{'proceed':true}}", "older");
        assertFails("PLAN_CHANGED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{'action':'decline'}", "{'action':'cancel'}", "{'action':'accept','content':{'proceed':false}}"
            })
    void userWhoDoesNot_stopsIt(String answer) throws Exception {
        answer(answer, "h");

        assertFails("DECLINED");
    }

    @ParameterizedTest
    @EnumSource(ConfirmationMode.class)
    void repeatedHash_confirms(ConfirmationMode mode) {
        assertThat(decide(mode, " h ")).isEqualTo(ToolResult.of("applied"));
    }

    @ParameterizedTest
    @EnumSource(ConfirmationMode.class)
    void hashOfAnotherPlan_isRefusedInEveryMode(ConfirmationMode mode) {
        assertThatThrownBy(() -> decide(mode, "old")).isInstanceOfSatisfying(MCPToolError.class, error -> {
            assertThat(error.code()).isEqualTo("PLAN_CHANGED");
            assertThat(error.context()).containsEntry("planHash", "h");
            assertThat(error).hasMessageContaining("Nothing was changed");
        });
    }

    @Test
    void planHash_dependsOnTheToolAndEveryPart() {
        String hash = PlanHash.of("a", "x", List.of(1, 2));

        assertThat(hash).hasSize(16).isEqualTo(PlanHash.of("a", "x", List.of(1, 2)));
        assertThat(List.of(
                        PlanHash.of("b", "x", List.of(1, 2)),
                        PlanHash.of("a", "y", List.of(1, 2)),
                        PlanHash.of("a", "x", List.of(12))))
                .doesNotContain(hash)
                .doesNotHaveDuplicates();
    }

    private void answer(String json, String state) throws Exception {
        when(context.clientSupports(ClientFeature.ELICITATION_FORM)).thenReturn(true);
        var responses = new ObjectMapper().createObjectNode();
        responses.set("confirm", new ObjectMapper().readTree(json.replace('\'', '"')));
        when(context.inputs()).thenReturn(new InputResponses(responses, TextNode.valueOf(state)));
    }

    private void assertFails(String code) {
        assertThatThrownBy(() -> decide(ConfirmationMode.DESTRUCTIVE, null))
                .isInstanceOfSatisfying(
                        MCPToolError.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    private ToolResult decide(ConfirmationMode mode, String repeated) {
        return new Confirmation(mode, context).decide("h", repeated, "Sure?", () -> "applied", () -> "plan");
    }
}
