package io.qicore.mcp.engine;

import io.qicore.mcp.TestServer;
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
import java.util.List;
import java.util.Optional;

/** Engines whose handlers ask the client first. */
public final class Asking {

    /** What the form asks for. */
    public record Name(String name) {}

    private static final InputRequests NAME = InputRequests.builder()
            .elicit("name", Elicitation.form("Who are you?", Name.class))
            .build();

    private Asking() {}

    public static MCPEngine engine(byte[] stateKey) {
        return MCPEngine.builder(new ServerInfo("test", "1.0", "Test", null))
                .stateKey(stateKey)
                .tools(List.of(
                        MCPTool.builder("greet", Json.object().put("type", "object"))
                                .description("Asks for a name and remembers the greeting.")
                                .resultHandler((args, context) ->
                                        greet(args.path("text").asText(), context))
                                .build(),
                        MCPTool.builder("all", Json.object().put("type", "object"))
                                .description("Asks for three things at once.")
                                .resultHandler((args, context) -> all(context))
                                .build(),
                        MCPTool.builder("insist", Json.object().put("type", "object"))
                                .description("Is content with no answer.")
                                .resultHandler((args, context) -> ToolResult.inputRequired(NAME))
                                .build()))
                .prompts(List.of(MCPPrompt.builder("hello")
                        .handler((arguments, context) -> context.inputs()
                                .elicitation("name")
                                .map(answer -> PromptResult.user(name(answer)))
                                .orElseGet(() -> PromptResult.inputRequired(NAME)))
                        .build()))
                .resources(List.of(MCPResource.of("test://me", "me")
                        .reader((uri, variables, context) -> context.inputs()
                                .elicitation("name")
                                .map(answer -> ResourceResult.text(name(answer)))
                                .orElseGet(() -> ResourceResult.inputRequired(NAME)))
                        .build()))
                .build();
    }

    public static MCPEngine engine() {
        return engine(new byte[32]);
    }

    private static String name(ElicitationAnswer answer) {
        return answer.content().path("name").asText();
    }

    private static ToolResult greet(String greeting, RequestContext context) {
        Optional<ElicitationAnswer> answer = context.inputs().elicitation("name");
        if (answer.isEmpty()) {
            return ToolResult.inputRequired(InputRequests.builder()
                    .elicit("name", Elicitation.form("Who are you?", Name.class))
                    .state(new TestServer.Text(greeting))
                    .build());
        }
        if (!answer.get().isAccepted()) {
            return ToolResult.text("As you like.");
        }
        String remembered =
                context.inputs().state(TestServer.Text.class).orElseThrow().text();
        return ToolResult.text(remembered + " " + answer.get().as(Name.class).name());
    }

    private static ToolResult all(RequestContext context) {
        if (context.inputs().raw("roots").isPresent()) {
            return ToolResult.text(context.inputs()
                            .raw("roots")
                            .get()
                            .at("/roots/0/uri")
                            .asText() + " "
                    + context.inputs().raw("model").orElseThrow().path("model").asText() + " "
                    + context.inputs().elicitation("name").orElseThrow().action());
        }
        return ToolResult.inputRequired(InputRequests.builder()
                .elicit("name", Elicitation.form("Who are you?", Name.class))
                .sample("model", Json.object().put("maxTokens", 5))
                .listRoots("roots")
                .build());
    }
}
