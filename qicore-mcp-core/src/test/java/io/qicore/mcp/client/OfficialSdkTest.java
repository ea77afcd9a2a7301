package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qicore.mcp.client.ForeignServer.Request;
import io.qicore.mcp.client.ForeignServer.Script;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.error.MCPInputException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.model.LogMessage;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.tool.LogLevel;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers on the official SDKs do and this project's server does not, as {@code .ci/interop} has found it. */
class OfficialSdkTest {

    private static final String OK = "{\"content\": [], \"structuredContent\": {\"ok\": true}}";
    private static final String PAGE =
            "{\"elicitations\": [{\"mode\": \"url\", \"elicitationId\": \"%s\", \"url\": \"https://login.example/\","
                    + " \"message\": \"Sign in\"}]}";

    private static MCPClientBuilder builder(ForeignServer server) {
        return MCPClient.builder(HttpEndpoint.of(server.uri()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"elicitation\": {\"form\": {}}} | elicitation.form | onForm",
                "{\"elicitation\": {}} | elicitation.form | onForm",
                "{\"elicitation\": {\"url\": {}}} | elicitation.url | onPage",
                "{\"sampling\": {}} | sampling | onSampling",
                "{\"sampling\": {\"tools\": {}}, \"roots\": {}} | sampling and roots | onSampling and onRoots",
                "{\"extensions\": {\"io.modelcontextprotocol/tasks\": {}}} | io.modelcontextprotocol/tasks | tasks",
            })
    void missingCapability_namesWhatToSet(String required, String missing, String setters) throws Exception {
        try (ForeignServer server = ForeignServer.modern(
                        request -> request.error(400, -32021, "{\"requiredCapabilities\": " + required + "}"));
                MCPClient client = builder(server).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPInputException.class)
                    .hasMessageContaining(
                            missing + ", which this client does not have: set " + setters + " of its builder")
                    .hasCauseInstanceOf(MCPProtocolException.class);
        }
    }

    @Test
    void missingCapabilityThatTheClientHasOrDoesNotKnow_isTheErrorOfTheServer() throws Exception {
        for (String required : List.of("{\"roots\": {}}", "{\"teleport\": {}}")) {
            try (ForeignServer server = ForeignServer.modern(
                            request -> request.error(400, -32021, "{\"requiredCapabilities\": " + required + "}"));
                    MCPClient client = builder(server).onRoots(List::of).build()) {
                assertThatThrownBy(() -> client.call("t", Map.of()))
                        .isInstanceOfSatisfying(MCPProtocolException.class, error -> assertThat(error.code())
                                .isEqualTo(-32021));
            }
        }
    }

    @Test
    void logMessageBelowTheLevel_isDropped() throws Exception {
        List<LogMessage> log = new CopyOnWriteArrayList<>();
        try (ForeignServer server = ForeignServer.legacy("2025-11-25", request -> {
                    OutputStream out = request.events();
                    for (String level : List.of("debug", "notice", "warning", "error")) {
                        request.event(out, message(level));
                    }
                    request.event(out, "data: " + request.response(OK) + "\n\n");
                });
                MCPClient client =
                        builder(server).onLog(LogLevel.WARNING, log::add).build()) {
            client.call("t", Map.of());
            await().untilAsserted(() ->
                    assertThat(log).extracting(LogMessage::level).containsExactly(LogLevel.WARNING, LogLevel.ERROR));
        }
    }

    private static String message(String level) {
        return "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"" + level
                + "\",\"data\":\"text\"}}\n\n";
    }

    @Test
    void logMessageOutsideOfARequest_isReceivedWithoutSubscription() throws Exception {
        List<LogMessage> log = new CopyOnWriteArrayList<>();
        try (ForeignServer server = new ForeignServer(request -> {
                    switch (request.method()) {
                        case "initialize" ->
                            request.result(
                                    "{\"protocolVersion\": \"2025-11-25\", \"capabilities\": {\"logging\": {}}, \"serverInfo\": {}}");
                        case "GET" -> {
                            OutputStream out = request.events();
                            request.event(out, message("error"));
                            keepOpen(out);
                        }
                        default -> request.result(OK);
                    }
                });
                MCPClient client = builder(server)
                        .protocol(ProtocolMode.legacy())
                        .onLog(LogLevel.WARNING, log::add)
                        .build()) {
            client.call("t", Map.of());
            await().untilAsserted(() -> assertThat(log).hasSize(1));
        }
    }

    /** Keeps a stream open until the client ends it. */
    private static void keepOpen(OutputStream out) {
        await().until(() -> {
            try {
                out.write("\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                out.flush();
                return false;
            } catch (java.io.IOException ended) {
                return true;
            }
        });
    }

    /** A server of 2025-11-25 that wants a page to be visited before it answers the given number of calls. */
    private static ForeignServer wantsPages(int times, String... ids) throws Exception {
        int[] calls = {0};
        Script script = request -> {
            if (request.method().equals("tools/call") && calls[0] < times) {
                request.error(200, -32042, PAGE.formatted(ids[calls[0]++ % ids.length]));
            } else {
                request.result(OK);
            }
        };
        return ForeignServer.legacy("2025-11-25", script);
    }

    @Test
    void pageThatIsRequiredFirst_isOpenedOnceAndTheCallMadeAgain() throws Exception {
        List<String> opened = new CopyOnWriteArrayList<>();
        // The user is not ready on the page at the second call.
        try (ForeignServer server = wantsPages(3, "a", "a", "b");
                MCPClient client = builder(server)
                        .onPage(page -> {
                            opened.add(page.message() + " " + page.url());
                            return page.accept();
                        })
                        .build()) {
            assertThat(client.call("t", Map.of("x", 1)).get("ok").asBoolean()).isTrue();
            assertThat(opened).containsExactly("Sign in https://login.example/", "Sign in https://login.example/");
            assertThat(server.requests("tools/call"))
                    .hasSize(4)
                    .extracting(Request::params)
                    .allSatisfy(params ->
                            assertThat(params.at("/arguments/x").asInt()).isEqualTo(1));
        }
    }

    @Test
    void pageThatIsRequiredFirst_failsWithoutTheUser() throws Exception {
        try (ForeignServer server = wantsPages(1, "a");
                MCPClient client =
                        builder(server).onPage(page -> page.decline()).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPInputException.class)
                    .hasMessageContaining("did not open");
        }
        try (ForeignServer server = wantsPages(1, "a");
                MCPClient client = builder(server).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPInputException.class)
                    .hasMessageContaining("onPage");
        }
        try (ForeignServer server = wantsPages(9, "a", "b", "c");
                MCPClient client = builder(server)
                        .maxRounds(2)
                        .onPage(page -> page.accept())
                        .build()) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPInputException.class)
                    .hasMessageContaining("2 times");
        }
    }

    @Test
    void headerAnnotation_meansNothingInARevisionWithoutIt() throws Exception {
        try (ForeignServer server = ForeignServer.legacy("2025-11-25", request -> {
                    if (request.method().equals("tools/list")) {
                        request.result("""
                                {"tools": [{"name": "t", "inputSchema": {"type": "object",
                                    "properties": {"a": {"type": "object", "x-mcp-header": "not a token"}}}}]}""");
                    } else {
                        request.result(OK);
                    }
                });
                MCPClient client = builder(server).build()) {
            assertThat(client.listTools()).extracting(ToolDescription::name).containsExactly("t");
            assertThat(client.call("t", Map.of()).get("ok").asBoolean()).isTrue();
        }
    }
}
