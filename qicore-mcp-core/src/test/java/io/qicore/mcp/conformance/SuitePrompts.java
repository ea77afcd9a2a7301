package io.qicore.mcp.conformance;

import io.qicore.mcp.prompt.MCPPrompt;
import io.qicore.mcp.prompt.PromptMessage;
import io.qicore.mcp.prompt.PromptResult;
import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.RequestContext;
import io.qicore.mcp.tool.ResourceContents;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The prompts that the suite gets. */
final class SuitePrompts {

    private static final String CONTEXT = "user_context";

    private SuitePrompts() {}

    static List<MCPPrompt> all() {
        return List.of(
                MCPPrompt.builder("test_simple_prompt")
                        .description("A prompt without arguments.")
                        .handler((arguments, context) -> PromptResult.user("This is a simple prompt for testing."))
                        .build(),
                MCPPrompt.builder("test_prompt_with_arguments")
                        .description("A prompt with two arguments.")
                        .argument("arg1", "First test argument", true)
                        .argument("arg2", "Second test argument", true)
                        .completer("arg1", (typed, others, context) -> Stream.of("paris", "park", "party", "test")
                                .filter(value -> value.startsWith(typed))
                                .toList())
                        .handler((arguments, context) -> PromptResult.user("Prompt with arguments: arg1='"
                                + arguments.get("arg1") + "', arg2='" + arguments.get("arg2") + "'"))
                        .build(),
                MCPPrompt.builder("test_prompt_with_embedded_resource")
                        .description("A prompt with a resource in it.")
                        .argument("resourceUri", "URI of the resource to embed", true)
                        .handler((arguments, context) -> withResource(arguments))
                        .build(),
                MCPPrompt.builder("test_prompt_with_image")
                        .description("A prompt with a picture in it.")
                        .handler((arguments, context) -> PromptResult.of(
                                user(Content.image(Samples.png(), "image/png")),
                                PromptMessage.user("Please analyze the image above.")))
                        .build(),
                MCPPrompt.builder("test_input_required_result_prompt")
                        .description("A prompt that asks the user first.")
                        .handler((arguments, context) -> withContext(context))
                        .build());
    }

    private static PromptResult withResource(Map<String, String> arguments) {
        return PromptResult.of(
                user(Content.embedded(new ResourceContents.Text(
                        arguments.get("resourceUri"), "text/plain", "Embedded resource content for testing."))),
                PromptMessage.user("Please process the embedded resource above."));
    }

    private static PromptResult withContext(RequestContext context) {
        return context.inputs()
                .elicitation(CONTEXT)
                .map(answer -> PromptResult.user(
                        "Context: " + answer.content().path("context").asText()))
                .orElseGet(() -> PromptResult.inputRequired(InputRequests.builder()
                        .elicit(CONTEXT, Forms.texts("What context should the prompt use?", "context"))
                        .build()));
    }

    private static PromptMessage user(Content content) {
        return new PromptMessage(PromptMessage.Role.USER, content);
    }
}
