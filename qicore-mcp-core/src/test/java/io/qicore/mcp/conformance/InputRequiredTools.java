package io.qicore.mcp.conformance;

import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.ElicitationAnswer;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.InputResponses;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ToolHandler;
import io.qicore.mcp.tool.ToolResult;
import java.util.List;
import java.util.Optional;

/** Tools that need several rounds (MCP 2026-07-28, SEP-2322). */
final class InputRequiredTools {

    private static final String NAME = "user_name";
    private static final String ROOTS = "client_roots";
    private static final String CONFIRM = "confirm";
    private static final String STATE = "begun";

    private InputRequiredTools() {}

    static List<MCPTool> all() {
        return List.of(
                tool("elicitation", "Asks for a name.", (arguments, context) -> name(context)),
                tool("sampling", "Asks the client's model.", (arguments, context) -> sampling(context)),
                tool("list_roots", "Asks for the folders of the user.", (arguments, context) -> roots(context)),
                tool("request_state", "Remembers something.", (arguments, context) -> confirm(context)),
                tool("tampered_state", "Remembers something sealed.", (arguments, context) -> confirm(context)),
                tool("multiple_inputs", "Asks for three things.", (arguments, context) -> everything(context)),
                tool("multi_round", "Asks twice.", (arguments, context) -> twoSteps(context)),
                tool("capabilities", "Asks what the client can answer.", (arguments, context) -> capable(context)));
    }

    private static ToolResult name(RequestContext context) {
        return context.inputs()
                .elicitation(NAME)
                .filter(ElicitationAnswer::isAccepted)
                .map(answer -> ToolResult.text(
                        "Hello, " + answer.content().path("name").asText() + "!"))
                .orElseGet(() -> ask(InputRequests.builder().elicit(NAME, Forms.texts("What is your name?", "name"))));
    }

    private static ToolResult sampling(RequestContext context) {
        return context.inputs()
                .raw("capital_question")
                .map(answer -> ToolResult.text(answer.at("/content/text").asText()))
                .orElseGet(() -> ask(InputRequests.builder()
                        .sample("capital_question", Forms.sampling("What is the capital of France?", 100))));
    }

    private static ToolResult roots(RequestContext context) {
        return context.inputs()
                .raw(ROOTS)
                .map(answer -> ToolResult.text("Roots: " + answer.path("roots")))
                .orElseGet(() -> ask(InputRequests.builder().listRoots(ROOTS)));
    }

    private static ToolResult confirm(RequestContext context) {
        InputResponses inputs = context.inputs();
        boolean known = inputs.state(String.class).filter(STATE::equals).isPresent();
        return known && inputs.elicitation(CONFIRM).isPresent()
                ? ToolResult.text("state-ok")
                : ask(InputRequests.builder()
                        .elicit(CONFIRM, Forms.checkbox("Please confirm", "ok"))
                        .state(STATE));
    }

    private static ToolResult everything(RequestContext context) {
        InputResponses inputs = context.inputs();
        Optional<ElicitationAnswer> name = inputs.elicitation(NAME);
        if (name.isPresent()
                && inputs.raw("greeting").isPresent()
                && inputs.raw(ROOTS).isPresent()) {
            return ToolResult.text(
                    "Thank you, " + name.get().content().path("name").asText() + ".");
        }
        return ask(InputRequests.builder()
                .elicit(NAME, Forms.texts("What is your name?", "name"))
                .sample("greeting", Forms.sampling("Generate a greeting", 50))
                .listRoots(ROOTS)
                .state(STATE));
    }

    /** What the tool of two steps remembers: the answer to the first. */
    private record FirstStep(String name) {}

    private static ToolResult twoSteps(RequestContext context) {
        InputResponses inputs = context.inputs();
        Optional<FirstStep> first = inputs.elicitation("step1")
                .map(answer -> new FirstStep(answer.content().path("name").asText()));
        if (first.isPresent()) {
            return ask(InputRequests.builder()
                    .elicit("step2", Forms.texts("Step 2: What is your favorite color?", "color"))
                    .state(first.get()));
        }
        Optional<ElicitationAnswer> second = inputs.elicitation("step2");
        if (second.isPresent()) {
            String name = inputs.state(FirstStep.class).map(FirstStep::name).orElse("Somebody");
            return ToolResult.text(
                    name + " likes " + second.get().content().path("color").asText() + ".");
        }
        return ask(InputRequests.builder()
                .elicit("step1", Forms.texts("Step 1: What is your name?", "name"))
                .state(new FirstStep("")));
    }

    private static ToolResult capable(RequestContext context) {
        InputRequests.Builder requests = InputRequests.builder().state(STATE);
        if (context.inputs().state(String.class).isPresent()) {
            return ToolResult.text("Thank you.");
        }
        if (context.clientSupports(ClientFeature.ELICITATION_FORM)) {
            requests.elicit(NAME, Forms.texts("What is your name?", "name"));
        }
        if (context.clientSupports(ClientFeature.SAMPLING)) {
            requests.sample("greeting", Forms.sampling("Generate a greeting", 50));
        }
        return ask(requests);
    }

    private static ToolResult ask(InputRequests.Builder requests) {
        return ToolResult.inputRequired(requests.build());
    }

    private static MCPTool tool(
            String name,
            String description,
            ToolHandler<com.fasterxml.jackson.databind.node.ObjectNode, ToolResult> handler) {
        return Tools.plain("test_input_required_result_" + name, description, handler);
    }
}
