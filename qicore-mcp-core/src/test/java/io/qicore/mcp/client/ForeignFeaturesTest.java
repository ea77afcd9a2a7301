package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.Gate;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.RetryPolicy;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import io.qicore.mcp.client.model.ServerChange;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.tool.MCPToolError;
import java.io.OutputStream;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What this project's server never does: tasks that ask, subscriptions that break, tools that are described wrongly. */
class ForeignFeaturesTest {

    private static final String TASK =
            "{\"resultType\": \"%s\", \"taskId\": \"t1\", \"status\": \"%s\", \"ttlMs\": null, \"pollIntervalMs\": 60";
    private static final String OK =
            "{\"resultType\": \"complete\", \"content\": [], \"structuredContent\": {\"ok\": true}}";
    private static final String QUESTION =
            "{\"q\": {\"method\": \"elicitation/create\", \"params\": {\"message\": \"m\", \"requestedSchema\": {}}}}";

    private static MCPClientBuilder builder(ForeignServer server) {
        return MCPClient.builder(HttpEndpoint.of(server.uri()))
                .protocol(ProtocolMode.modern())
                .timeout(Gate.PATIENCE);
    }

    @Test
    void task_isPolledAndItsQuestionAnsweredOnce() throws Exception {
        AtomicInteger polls = new AtomicInteger();
        try (ForeignServer server = new ForeignServer(request -> {
                    switch (request.method()) {
                        case "tools/call" -> request.result(TASK.formatted("task", "working") + "}");
                        case "tasks/get" -> {
                            switch (polls.incrementAndGet()) {
                                case 1 -> request.result(TASK.formatted("complete", "working") + "}");
                                case 2, 3 ->
                                    request.result(TASK.formatted("complete", "input_required")
                                            + ", \"inputRequests\": " + QUESTION + "}");
                                default ->
                                    request.result(
                                            TASK.formatted("complete", "completed") + ", \"result\": " + OK + "}");
                            }
                        }
                        default -> request.result("{\"resultType\": \"complete\"}");
                    }
                });
                MCPClient client = builder(server)
                        .tasks(true)
                        .onForm(form -> form.accept(Map.of("a", 1)))
                        .build()) {
            assertThat(client.call("t", Map.of()).get("ok").asBoolean()).isTrue();
            assertThat(server.requests("tasks/update")).singleElement().satisfies(update -> {
                assertThat(update.params()
                                .path("inputResponses")
                                .path("q")
                                .path("content")
                                .path("a")
                                .asInt())
                        .isEqualTo(1);
                assertThat(update.header("Mcp-Name")).isEqualTo("t1");
            });
            assertThat(server.requests("tools/call")
                            .get(0)
                            .params()
                            .path("_meta")
                            .toString())
                    .contains("io.modelcontextprotocol/tasks");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout", "question", "failed", "cancelled", "unknown", "no result"})
    void taskThatDoesNotComplete_isATypedErrorAndCancelledIfItRuns(String how) throws Exception {
        try (ForeignServer server = new ForeignServer(request -> {
                    switch (request.method()) {
                        case "tools/call" -> request.result(TASK.formatted("task", "working") + "}");
                        case "tasks/get" -> {
                            switch (how) {
                                case "timeout" -> request.result(TASK.formatted("complete", "working") + "}");
                                case "question" ->
                                    request.result(TASK.formatted("complete", "input_required")
                                            + ", \"inputRequests\": " + QUESTION + "}");
                                case "failed" ->
                                    request.result(TASK.formatted("complete", "failed")
                                            + ", \"error\": {\"code\": -32603, \"message\": \"lost\"}}");
                                case "no result" -> request.result(TASK.formatted("complete", "completed") + "}");
                                default -> request.result(TASK.formatted("complete", how) + "}");
                            }
                        }
                        default -> request.result("{\"resultType\": \"complete\"}");
                    }
                });
                MCPClient client = builder(server).tasks(true).build()) {
            Class<?> expected =
                    switch (how) {
                        case "timeout" -> MCPTimeoutException.class;
                        case "question" -> MCPInputException.class;
                        case "failed" -> MCPProtocolException.class;
                        default -> MCPConnectionException.class;
                    };
            assertThatThrownBy(() ->
                            client.tool("t").timeout(Duration.ofSeconds(2)).call())
                    .isInstanceOf(expected);
            if (how.equals("timeout") || how.equals("question")) {
                await().atMost(Gate.PATIENCE)
                        .until(() -> server.requests("tasks/cancel").size() == 1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"page", "json"})
    void brokenSubscription_beginsAgainAndSaysThatEverythingMayHaveChanged(String refusal) throws Exception {
        List<ServerChange> changes = new CopyOnWriteArrayList<>();
        AtomicInteger streams = new AtomicInteger();
        try (ForeignServer server = new ForeignServer(request -> {
                    if (streams.incrementAndGet() == 2) {
                        if (refusal.equals("json")) {
                            request.error(429, -32005, "null");
                        } else {
                            request.send(503, "text/plain", "");
                        }
                        return;
                    }
                    OutputStream out = request.events();
                    String meta = "\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":" + request.id() + "}";
                    request.event(
                            out,
                            "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\","
                                    + "\"params\":{\"notifications\":{}," + meta + "}}\n\n");
                    if (streams.get() == 1) {
                        request.event(
                                out,
                                "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/prompts/list_changed\","
                                        + "\"params\":{" + meta + "}}\n\n");
                    } else {
                        sleep();
                    }
                });
                MCPClient client = builder(server).build();
                Subscription subscription = client.subscribe(Set.of("r://x"), changes::add)) {
            assertThat(subscription).isNotNull();
            await().atMost(Gate.PATIENCE).untilAsserted(() -> assertThat(changes)
                    .containsExactly(
                            new ServerChange.Prompts(),
                            new ServerChange.Tools(),
                            new ServerChange.Prompts(),
                            new ServerChange.Resources(),
                            new ServerChange.Resource("r://x")));
            assertThat(streams.get()).isEqualTo(3);
        }
    }

    @Test
    void subscriptionThatIsRefused_isAnError() throws Exception {
        try (ForeignServer server = new ForeignServer(request -> request.error(404, -32601, "null"));
                MCPClient client = builder(server).build()) {
            assertThatThrownBy(() -> client.subscribe(Set.of(), change -> {})).isInstanceOf(MCPProtocolException.class);
        }
    }

    @Test
    void toolThatIsDescribedWrongly_isLeftOut() throws Exception {
        try (ForeignServer server = new ForeignServer(request -> request.result("""
                        {"tools": [
                          {"name": "bad", "inputSchema": {"type": "object",
                            "properties": {"a": {"type": "object", "x-mcp-header": "A"}}}},
                          {"name": "none"},
                          {"inputSchema": {"type": "object"}},
                          {"name": "null", "inputSchema": null},
                          {"name": "good", "inputSchema": {"type": "object"}, "unknown": 1}]}"""));
                MCPClient client = builder(server).build()) {
            assertThat(client.listTools()).extracting(ToolDescription::name).containsExactly("good");
            assertThatThrownBy(() -> client.call("bad", Map.of()))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("cannot be called");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"tools\": [], \"nextCursor\": \"same\"}",
                "{\"tools\": 5}",
                "{}",
            })
    void listThatNeverEndsOrIsNone_isAnError(String page) throws Exception {
        try (ForeignServer server = new ForeignServer(request -> request.result(page));
                MCPClient client = builder(server).build()) {
            assertThatThrownBy(client::listTools).isInstanceOf(MCPConnectionException.class);
        }
    }

    @Test
    void emptyCursor_isAPage() throws Exception {
        AtomicInteger pages = new AtomicInteger();
        try (ForeignServer server = new ForeignServer(request -> request.result(
                        pages.incrementAndGet() == 1
                                ? "{\"prompts\": [{\"name\": \"a\"}], \"nextCursor\": \"\"}"
                                : "{\"prompts\": [{\"name\": \"b\"}], \"nextCursor\": null}"));
                MCPClient client = builder(server).build()) {
            assertThat(client.listPrompts()).hasSize(2);
        }
    }

    @Test
    void busyServer_isAskedAgainAfterTheTimeThatItWants() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ForeignServer server = new ForeignServer(request -> {
                    if (request.method().equals("tools/list")) {
                        request.result("{\"tools\": [{\"name\": \"t\", \"inputSchema\": {\"type\": \"object\"},"
                                + " \"annotations\": {\"readOnlyHint\": true}}]}");
                    } else if (calls.incrementAndGet() == 1) {
                        request.header("Retry-After", "1");
                        request.send(503, "text/html", "");
                    } else {
                        request.result(OK);
                    }
                });
                MCPClient client =
                        builder(server).retries(RetryPolicy.attempts(2)).build()) {
            long start = System.nanoTime();
            client.call("t", Map.of());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            calls.set(0);
            assertThatThrownBy(() ->
                            client.tool("t").timeout(Duration.ofMillis(800)).call())
                    .isInstanceOfSatisfying(MCPClientException.class, e -> assertThat(e.retryAfter())
                            .contains(Duration.ofSeconds(1)));
            assertThat(calls.get()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"7, 7", "IN_AN_HOUR, 3600", "AN_HOUR_AGO, 0", "tomorrow, none", "-1, none", "99999999999, none"})
    void timeAfterWhichABusyServerWantsToBeAsked_isReadInBothForms(String header, Long seconds) throws Exception {
        String value =
                switch (header) {
                    case "IN_AN_HOUR" -> date(Duration.ofHours(1));
                    case "AN_HOUR_AGO" -> date(Duration.ofHours(-1));
                    default -> header;
                };
        try (ForeignServer server = new ForeignServer(request -> {
                    request.header("Retry-After", value);
                    request.send(503, "text/html", "");
                });
                MCPClient client = builder(server).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOfSatisfying(MCPClientException.class, e -> {
                if (seconds == null) {
                    assertThat(e.retryAfter()).isEmpty();
                } else {
                    // The server's clock has gone on since the date was made.
                    assertThat(e.retryAfter().orElseThrow())
                            .isBetween(
                                    Duration.ofSeconds(Math.max(0, seconds - (header.equals("7") ? 0 : 60))),
                                    Duration.ofSeconds(seconds));
                }
            });
        }
    }

    private static String date(Duration fromNow) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                OffsetDateTime.now(ZoneOffset.UTC).plus(fromNow));
    }

    @Test
    void resultThatDoesNotMatchItsSchema_isRefusedOnRequest() throws Exception {
        try (ForeignServer server = new ForeignServer(request -> request.result(
                        request.method().equals("tools/list")
                                ? "{\"tools\": [{\"name\": \"t\", \"inputSchema\": {\"type\": \"object\"}, \"outputSchema\":"
                                        + " {\"type\": \"object\", \"required\": [\"missing\"]}},"
                                        + " {\"name\": \"u\", \"inputSchema\": {\"type\": \"object\"}, \"outputSchema\":"
                                        + " {\"$ref\": \"http://evil.example/schema\"}}]}"
                                : OK));
                MCPClient client = builder(server).build()) {
            assertThat(client.call("t", Map.of()).get("ok").asBoolean()).isTrue();
            assertThatThrownBy(() -> client.tool("t").checkResult().call())
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("missing");
            assertThatThrownBy(() -> client.tool("u").checkResult().call())
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("cannot be used");
        }
    }

    @Test
    void errorThatIsJsonInAText_isReadAsOne() throws Exception {
        try (ForeignServer server = new ForeignServer(
                        request -> request.result(
                                "{\"isError\": true, \"content\": [{\"type\": \"text\", \"text\":"
                                        + " \"{\\\"code\\\": \\\"GONE\\\", \\\"message\\\": \\\"m\\\", \\\"retryable\\\": true}\"}]}"));
                MCPClient client = builder(server).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOfSatisfying(MCPToolError.class, e -> {
                assertThat(e.code()).isEqualTo("GONE");
                assertThat(e.retryable()).isTrue();
            });
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
