package io.qicore.mcp.interop;

import static io.qicore.mcp.interop.Checks.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.client.MCPClientBuilder;
import io.qicore.mcp.client.Subscription;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.prompt.PromptMessage;
import io.qicore.mcp.tool.Content;
import io.qicore.mcp.tool.ResourceContents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ThrowingRunnable;

/** What only revision 2026-07-28 has: rounds of questions, cache hints, arguments in headers, the extension of tasks. */
final class ModernChecks {

    private final Checks checks;
    private final Target target;
    private final boolean http;

    private ModernChecks(Checks checks, Target target) {
        this.checks = checks;
        this.target = target;
        this.http = target.endpoint() instanceof HttpEndpoint;
    }

    static void run(Checks checks, Target target) {
        new ModernChecks(checks, target).runAll();
    }

    private void check(String name, ThrowingRunnable body) {
        checks.check(target.name(), name, body);
    }

    private MCPClientBuilder asking() {
        return Target.asking(target.endpoint(), target.mode());
    }

    private static String text(MCPClient client, String tool, Map<String, ?> arguments) {
        return client.tool(tool).arguments(arguments).result().text();
    }

    private static JsonNode state(MCPClient client) throws IOException {
        return Json.read(text(client, "state", Map.of()).getBytes(StandardCharsets.UTF_8));
    }

    private void runAll() {
        try (MCPClient client = asking().tasks(true).build()) {
            check("three rounds of questions", () -> assertThat(text(client, "ask_thrice", Map.of()))
                    .isEqualTo("round 3, 0 answers"));
            check("a server that never stops asking", () -> assertThatThrownBy(
                            () -> client.call("ask_forever", Map.of()))
                    .isInstanceOf(MCPInputException.class)
                    .hasMessageContaining("10 times"));
            check("questions of a resource and of a prompt", () -> questionsElsewhere(client));
            check("arguments in headers", () -> headers(client));
            check("a header that is not valid", () -> badHeader(client));
            check("a task", () -> assertThat(text(client, "report", Map.of("kind", "quick")))
                    .isEqualTo("a quick report"));
            check("a task that asks", () -> assertThat(text(client, "report", Map.of("kind", "asking")))
                    .isEqualTo("a report by Ada"));
            check("a task that fails", () -> taskFails(client));
            check("a task that is cancelled", () -> taskCancelled(client));
        }
        check("no handler for a question", this::noHandler);
        check("no tasks unless wanted", this::noTasks);
        check("cache", this::cache);
    }

    private static void questionsElsewhere(MCPClient client) {
        assertThat(client.readResource("test://asking"))
                .containsExactly(new ResourceContents.Text("test://asking", null, "Ada"));
        assertThat(client.getPrompt("asking", Map.of()).messages())
                .containsExactly(new PromptMessage(PromptMessage.Role.USER, Content.text("Ada")));
    }

    private void headers(MCPClient client) throws IOException {
        // Without having listed the tools
        String found = text(
                client,
                "headers",
                Map.of("region", "Zürich", "count", 42, "dry", true, "where", Map.of("zone", "a b")));
        if (http) {
            String region = Base64.getEncoder().encodeToString("Zürich".getBytes(StandardCharsets.UTF_8));
            assertThat(Json.read(found.getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(Json.object()
                            .put("region", "=?base64?" + region + "?=")
                            .put("count", "42")
                            .put("dry", "true")
                            .put("zone", "a b"));
        } else {
            assertThat(found).isEqualTo("{\"region\":null,\"count\":null,\"dry\":null,\"zone\":null}");
        }
    }

    private void badHeader(MCPClient client) {
        assertThat(client.listTools().stream().map(ToolDescription::name))
                .contains("headers")
                .matches(names -> names.contains("bad_header") != http);
        if (http) {
            assertThatThrownBy(() -> client.call("bad_header", Map.of("x", "y")))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("bad_header")
                    .hasMessageContaining("x-mcp-header");
        } else {
            assertThat(text(client, "bad_header", Map.of("x", "y"))).isEqualTo("was called");
        }
    }

    private static void taskFails(MCPClient client) {
        assertThatThrownBy(() -> client.call("report", Map.of("kind", "failing")))
                .isInstanceOfSatisfying(MCPProtocolException.class, error -> {
                    assertThat(error.code()).isEqualTo(-32050);
                    assertThat(error).hasMessageContaining("No paper");
                    assertThat(error.data()).isEqualTo(Json.object().put("tray", 2));
                });
    }

    private static void taskCancelled(MCPClient client) throws IOException {
        long before = cancelledTasks(client);
        assertThatThrownBy(() -> client.tool("report")
                        .arguments(Map.of("kind", "endless"))
                        .timeout(Duration.ofMillis(400))
                        .call())
                .isInstanceOf(MCPTimeoutException.class);
        eventually(() -> assertThat(cancelledTasks(client)).isEqualTo(before + 1));
        CompletableFuture<CallResult> started =
                client.tool("report").arguments(Map.of("kind", "endless")).start();
        eventually(() -> assertThat(state(client).path("tasks").toString()).contains("working"));
        started.cancel(true);
        eventually(() -> assertThat(cancelledTasks(client)).isEqualTo(before + 2));
    }

    private static long cancelledTasks(MCPClient client) throws IOException {
        long cancelled = 0;
        for (JsonNode status : state(client).path("tasks")) {
            cancelled += status.asText().equals("cancelled") ? 1 : 0;
        }
        return cancelled;
    }

    private void noHandler() {
        try (MCPClient client = target.plain()) {
            for (Map.Entry<String, String> asking : Map.of(
                            "ask_form", "onForm",
                            "ask_page", "onPage",
                            "ask_model", "onSampling",
                            "ask_roots", "onRoots")
                    .entrySet()) {
                assertThatThrownBy(() -> client.call(asking.getKey(), Map.of()))
                        .isInstanceOf(MCPInputException.class)
                        .hasMessageContaining(asking.getValue());
            }
        }
    }

    private void noTasks() {
        try (MCPClient client = asking().build()) {
            assertThat(text(client, "report", Map.of("kind", "quick"))).isEqualTo("quick without a task");
        }
    }

    private void cache() throws Exception {
        try (MCPClient client = asking().build();
                MCPClient uncached = asking().caching(false).build()) {
            assertThat(client.readResource("test://static")).isEqualTo(client.readResource("test://static"));
            assertThat(uncached.readResource("test://static")).isNotEqualTo(uncached.readResource("test://static"));
            try (Subscription subscription = client.subscribe(Set.of("test://static"), change -> {})) {
                Object before = client.readResource("test://static");
                assertThat(client.readResource("test://static")).isEqualTo(before);
                text(client, "change", Map.of("what", "static"));
                eventually(
                        () -> assertThat(client.readResource("test://static")).isNotEqualTo(before));
                assertThat(subscription).isNotNull();
            }
        }
    }
}
