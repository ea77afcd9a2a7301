package io.qicore.mcp.interop;

import static io.qicore.mcp.interop.Checks.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.Subscription;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.client.model.LogMessage;
import io.qicore.mcp.client.model.Progress;
import io.qicore.mcp.client.model.PromptContent;
import io.qicore.mcp.client.model.PromptDescription;
import io.qicore.mcp.client.model.ResourceDescription;
import io.qicore.mcp.client.model.ResourceTemplateDescription;
import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.client.model.ServerDescription;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.interop.Target.Connection;
import io.qicore.mcp.interop.Target.Sdk;
import io.qicore.mcp.prompt.PromptMessage;
import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.LogLevel;
import io.qicore.mcp.tool.MCPToolError;
import io.qicore.mcp.tool.ResourceContents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.core.ThrowingRunnable;

/** What the client does with the features of a server on an official SDK, the same on every transport and revision. */
final class FeatureChecks {

    private static final byte[] PIXEL = {(byte) 0x89, 0x50, 0x4e, 0x47};
    private static final String STATIC = "test://static";
    private static final String ITEMS = "test://items/{id}";

    private final Checks checks;
    private final Target target;
    private final MCPClient client;
    private final Queue<LogMessage> log;

    private FeatureChecks(Checks checks, Target target, Connection connection) {
        this.checks = checks;
        this.target = target;
        this.client = connection.client();
        this.log = connection.log();
    }

    /** The result of the tool add. */
    record Sum(double sum) {}

    static void run(Checks checks, Target target) {
        try (Connection connection = target.connect()) {
            FeatureChecks features = new FeatureChecks(checks, target, connection);
            features.runAll();
        }
    }

    private void check(String name, ThrowingRunnable body) {
        checks.check(target.name(), name, body);
    }

    private void runAll() {
        check("negotiation", this::negotiation);
        check("list of tools", this::tools);
        check("structured result", this::structured);
        check("content of each type", this::content);
        check("tool errors", this::toolErrors);
        check("unknown tool", this::unknownTool);
        check("progress", this::progress);
        check("log", this::logMessages);
        check("resources", this::resources);
        check("templates of resources", this::templates);
        check("prompts", this::prompts);
        check("completion", this::completion);
        if (target.connected()) {
            check("form", this::form);
            check("page", () -> assertThat(text("ask_page", Map.of())).isEqualToIgnoringCase("accept"));
            check("sampling", () -> assertThat(text("ask_model", Map.of())).isEqualTo("echo-1: Say hello within 10"));
            check("roots", () -> assertThat(text("ask_roots", Map.of())).contains("project", "file:///srv/project"));
            check("subscription", this::subscription);
        }
    }

    private String text(String tool, Map<String, ?> arguments) {
        return client.tool(tool).arguments(arguments).result().text();
    }

    private void negotiation() {
        ServerDescription server = client.discover();
        assertThat(server.protocolVersion()).isEqualTo(target.revision());
        assertThat(server.name()).isEqualTo(target.sdk() == Sdk.JAVA ? "java-sdk" : "typescript-sdk");
        assertThat(server.version()).isNotEmpty();
        assertThat(server.instructions()).isEqualTo("Ask before you call.");
        assertThat(server.capabilities().fieldNames())
                .toIterable()
                .contains("tools", "resources", "prompts", "logging", "completions");
    }

    private void tools() {
        List<ToolDescription> tools = client.listTools();
        assertThat(tools).extracting(ToolDescription::name).contains("add", "content", "fail", "steps", "change");
        ToolDescription add = tools.stream()
                .filter(tool -> tool.name().equals("add"))
                .findFirst()
                .orElseThrow();
        assertThat(add.description()).isEqualTo("Adds two numbers.");
        assertThat(add.inputSchema().path("required"))
                .extracting(JsonNode::asText)
                .containsExactly("a", "b");
        assertThat(add.annotations().readOnlyHint()).isTrue();
        assertThat(add.annotations().idempotentHint()).isTrue();
        assertThat(add.annotations().openWorldHint()).isFalse();
        assertThat(add.outputSchema()).isNotNull();
    }

    private void structured() {
        assertThat(client.tool("add")
                        .arguments(Map.of("a", 2, "b", 3))
                        .checkResult()
                        .call(Sum.class))
                .isEqualTo(new Sum(5));
        assertThat(client.call("add", Map.of("a", 0.5, "b", -1)).get("sum").doubleValue())
                .isEqualTo(-0.5);
    }

    private void content() {
        CallResult result = client.tool("content").result();
        assertThat(result.isError()).isFalse();
        assertThat(result.json().path("content")).hasSize(6);
        assertThat(result.content())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(
                        Content.text("one"),
                        Content.image(PIXEL, "image/png"),
                        Content.audio(new byte[] {'R', 'I', 'F', 'F'}, "audio/wav"),
                        new Content.ResourceLink(STATIC, "static", "A link", "text/plain"),
                        Content.embedded(new ResourceContents.Text("test://embedded", "text/plain", "two")),
                        Content.embedded(new ResourceContents.Blob("test://blob", "image/png", PIXEL)));
    }

    private void toolErrors() {
        assertThatThrownBy(() -> client.call("fail", Map.of())).isInstanceOfSatisfying(MCPToolError.class, error -> {
            assertThat(error.code()).isEqualTo("TOOL_ERROR");
            assertThat(error).hasMessageContaining("It failed on purpose.");
        });
        assertThat(client.tool("fail").result().isError()).isTrue();
        assertThatThrownBy(() -> client.call("crash", Map.of()))
                .isInstanceOf(target.sdk() == Sdk.JAVA ? MCPProtocolException.class : MCPToolError.class)
                .hasMessageContaining("It crashed on purpose.");
        assertThatThrownBy(() -> client.call("add", Map.of("a", "two", "b", 3)))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("a");
        assertThatThrownBy(() -> client.call("add", Map.of("a", 2)))
                .isInstanceOf(MCPToolError.class)
                .hasMessageContaining("b");
    }

    private void unknownTool() {
        assertThatThrownBy(() -> client.call("no_such_tool", Map.of()))
                .isInstanceOfSatisfying(MCPProtocolException.class, error -> {
                    assertThat(error.code()).isEqualTo(-32602);
                    assertThat(error).hasMessageContaining(target.sdk() == Sdk.JAVA ? "Unknown tool" : "no_such_tool");
                });
    }

    private void progress() {
        List<Progress> seen = new ArrayList<>();
        assertThat(client.tool("steps")
                        .arguments(Map.of("steps", 3))
                        .onProgress(seen::add)
                        .result()
                        .text())
                .isEqualTo("done");
        assertThat(seen)
                .containsExactly(
                        new Progress(1, 3.0, "step 1"), new Progress(2, 3.0, "step 2"), new Progress(3, 3.0, "step 3"));
    }

    private void logMessages() {
        text("steps", Map.of("steps", 7));
        // Messages of earlier checks may still come.
        eventually(() -> assertThat(log).anySatisfy(message -> {
            assertThat(message.level()).isEqualTo(LogLevel.WARNING);
            assertThat(message.logger()).isEqualTo("steps");
            assertThat(message.data().toString()).contains("done", "7");
        }));
        assertThat(log).extracting(LogMessage::level).containsOnly(LogLevel.WARNING);
    }

    private void resources() {
        if (target.sdk() == Sdk.TYPESCRIPT) {
            // One on a page
            assertThat(client.listResources())
                    .extracting(ResourceDescription::uri)
                    .containsExactly(STATIC, "test://binary", "test://asking");
        }
        ResourceDescription resource = client.listResources().stream()
                .filter(listed -> listed.uri().equals(STATIC))
                .findFirst()
                .orElseThrow();
        assertThat(resource)
                .isEqualTo(new ResourceDescription(STATIC, "static", "Static", "Counts reads.", "text/plain", null));
        assertThat(client.readResource(STATIC)).singleElement().satisfies(contents -> {
            assertThat(contents.uri()).isEqualTo(STATIC);
            assertThat(contents.mimeType()).isEqualTo("text/plain");
            assertThat(((ResourceContents.Text) contents).text()).matches("read [0-9]+");
        });
        assertThatThrownBy(() -> client.readResource("test://no-such-resource"))
                .isInstanceOfSatisfying(MCPProtocolException.class, error -> assertThat(error.code())
                        .isIn(-32602, -32002));
    }

    private void templates() {
        assertThat(client.listResourceTemplates())
                .containsExactly(new ResourceTemplateDescription(ITEMS, "item", "Item", null, "application/json"));
        assertThat(client.readResource("test://items/17"))
                .containsExactly(new ResourceContents.Text("test://items/17", "application/json", "{\"id\":\"17\"}"));
    }

    private void prompts() {
        PromptDescription greet = client.listPrompts().stream()
                .filter(prompt -> prompt.name().equals("greet"))
                .findFirst()
                .orElseThrow();
        assertThat(greet)
                .isEqualTo(new PromptDescription(
                        "greet",
                        "Greeting",
                        "Greets.",
                        List.of(
                                new PromptDescription.Argument("name", null, "Whom", true),
                                new PromptDescription.Argument("tone", null, null, false))));
        PromptContent content = client.getPrompt("greet", Map.of("name", "Ada", "tone", "formal"));
        assertThat(content.description()).isEqualTo("A greeting");
        assertThat(content.messages())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(
                        new PromptMessage(PromptMessage.Role.USER, Content.text("Greet Ada in a formal tone.")),
                        new PromptMessage(PromptMessage.Role.ASSISTANT, Content.image(PIXEL, "image/png")));
        assertThat(((Content.Text) client.getPrompt("greet", Map.of("name", "Ada"))
                                .messages()
                                .get(0)
                                .content())
                        .text())
                .isEqualTo("Greet Ada.");
        assertThatThrownBy(() -> client.getPrompt("no_such_prompt", Map.of())).isInstanceOf(MCPProtocolException.class);
    }

    private void completion() {
        assertThat(client.completePromptArgument("greet", "name", "A", Map.of()).values())
                .containsExactly("Ada", "Alan");
        assertThat(client.completePromptArgument("greet", "tone", "", Map.of("name", "Ada"))
                        .values())
                .containsExactly("formal");
        assertThat(client.completePromptArgument("greet", "tone", "", Map.of()).values())
                .containsExactly("loose");
        assertThat(client.completeTemplateVariable(ITEMS, "id", "1", Map.of()).values())
                .containsExactly("17", "18");
    }

    private void form() {
        String answer = text("ask_form", Map.of());
        assertThat(answer).containsIgnoringCase("accept").contains("Ada", "3");
    }

    private void subscription() {
        Queue<ServerChange> changes = new ConcurrentLinkedQueue<>();
        try (Subscription subscription = client.subscribe(Set.of(STATIC), changes::add)) {
            for (String what : List.of("tools", "prompts", "resources", "static")) {
                text("change", Map.of("what", what));
            }
            eventually(() -> assertThat(changes)
                    .contains(
                            new ServerChange.Tools(),
                            new ServerChange.Prompts(),
                            new ServerChange.Resources(),
                            new ServerChange.Resource(STATIC)));
            assertThat(subscription).isNotNull();
        }
        changes.clear();
        text("change", Map.of("what", "static"));
        text("state", Map.of());
        assertThat(changes).isEmpty();
    }
}
