package io.qicore.mcp.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.tool.Elicitation;
import io.qicore.mcp.tool.ElicitationAnswer;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ToolResult;
import java.util.List;
import java.util.Optional;

/** Tools that ask the user or the model of the client one thing; the same code serves every revision. */
final class QuestionTools {

    private static final String KEY = "answer";

    private QuestionTools() {}

    static List<MCPTool> all() {
        return List.of(
                Tools.withText(
                        "test_sampling",
                        "Lets the client's model answer a prompt.",
                        "prompt",
                        (arguments, context) ->
                                sample(context, arguments.path("prompt").asText(), "LLM response: ")),
                Tools.withText(
                        "test_elicitation",
                        "Asks the user for a name and an address.",
                        "message",
                        (arguments, context) -> elicit(
                                context,
                                Forms.texts(arguments.path("message").asText(), "username", "email"),
                                "User response: ")),
                Tools.plain(
                        "test_missing_capability",
                        "Needs a client that can sample.",
                        (arguments, context) -> sample(context, "Say hello.", "Sampled: ")),
                Tools.plain(
                        "test_streaming_elicitation", "Asks the user after some progress.", (arguments, context) -> {
                            context.progress(1, 2.0, "About to ask");
                            return elicit(context, Forms.texts("What is your name?", "name"), "Streamed: ");
                        }));
    }

    /** Asks the user first, then tells what the answer was. */
    static ToolResult elicit(RequestContext context, Elicitation question, String prefix) {
        Optional<ElicitationAnswer> answer = context.inputs().elicitation(KEY);
        if (answer.isEmpty()) {
            return ToolResult.inputRequired(
                    InputRequests.builder().elicit(KEY, question).build());
        }
        return ToolResult.text(prefix + "action="
                + answer.get().action().name().toLowerCase(java.util.Locale.ROOT) + ", content="
                + answer.get().content());
    }

    private static ToolResult sample(RequestContext context, String prompt, String prefix) {
        Optional<JsonNode> answer = context.inputs().raw(KEY);
        return answer.map(result ->
                        ToolResult.text(prefix + result.at("/content/text").asText()))
                .orElseGet(() -> ToolResult.inputRequired(InputRequests.builder()
                        .sample(KEY, Forms.sampling(prompt, 100))
                        .build()));
    }
}
