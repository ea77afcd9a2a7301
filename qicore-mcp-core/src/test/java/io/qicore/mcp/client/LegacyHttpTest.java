package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.Gate;
import io.qicore.mcp.client.ForeignServer.Request;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Sessions, resumption and requests of servers of older revisions, over Streamable HTTP. */
class LegacyHttpTest {

    private static final String OK = "{\"content\": [], \"structuredContent\": {\"ok\": true}}";

    private static MCPClientBuilder builder(ForeignServer server) {
        return MCPClient.builder(HttpEndpoint.of(server.uri())).protocol(ProtocolMode.legacy());
    }

    @Test
    void session_isKeptAndEnded() throws Exception {
        try (ForeignServer server = ForeignServer.legacy("2025-11-25", request -> request.result(OK))) {
            try (MCPClient client = builder(server).build()) {
                client.call("t", Map.of());
            }
            String session = "s-" + server.requests("initialize").get(0).id();
            for (String method : List.of("notifications/initialized", "tools/call", "DELETE")) {
                Request request = server.requests(method).get(0);
                assertThat(request.header("Mcp-Session-Id")).as(method).isEqualTo(session);
                assertThat(request.header("MCP-Protocol-Version")).isEqualTo("2025-11-25");
            }
        }
    }

    @Test
    void expiredSession_isBegunAgainOnce() throws Exception {
        List<String> sessions = new CopyOnWriteArrayList<>();
        try (ForeignServer server = ForeignServer.legacy("2025-06-18", request -> {
                    sessions.add(request.header("Mcp-Session-Id"));
                    if (sessions.size() == 2) {
                        request.send(404, "text/plain", "session not found");
                    } else {
                        request.result(OK);
                    }
                });
                MCPClient client = builder(server).build()) {
            client.call("t", Map.of());
            assertThat(client.call("t", Map.of()).get("ok").asBoolean()).isTrue();
            assertThat(sessions.get(0)).isEqualTo(sessions.get(1)).isNotEqualTo(sessions.get(2));
            assertThat(server.requests("initialize")).hasSize(2);
        }
    }

    @Test
    void brokenStream_isResumedAfterTheTimeThatTheServerWants() throws Exception {
        AtomicLong closed = new AtomicLong();
        String[] id = {""};
        List<String> resumedFrom = new CopyOnWriteArrayList<>();
        List<Long> waited = new CopyOnWriteArrayList<>();
        try (ForeignServer server = ForeignServer.legacy("2025-11-25", request -> {
                    OutputStream out = request.events();
                    if (request.method().equals("tools/call")) {
                        id[0] = request.id().asText();
                        request.event(out, "id: e1\nretry: 300\ndata: \n\n");
                        closed.set(System.nanoTime());
                    } else {
                        waited.add((System.nanoTime() - closed.get()) / 1_000_000);
                        resumedFrom.add(request.header("Last-Event-ID"));
                        if (resumedFrom.size() == 1) {
                            request.event(
                                    out, "id: e2\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}\n\n");
                        } else {
                            request.event(
                                    out, "data: {\"jsonrpc\":\"2.0\",\"id\":" + id[0] + ",\"result\":" + OK + "}\n\n");
                        }
                    }
                });
                MCPClient client = builder(server).build()) {
            assertThat(client.call("t", Map.of()).get("ok").asBoolean()).isTrue();
            assertThat(resumedFrom).containsExactly("e1", "e2");
            assertThat(waited.get(0)).isGreaterThanOrEqualTo(295);
        }
    }

    @Test
    void eventIdThatCannotBeSentBack_isAFailure() throws Exception {
        try (ForeignServer server = ForeignServer.legacy(
                        "2025-11-25", request -> request.event(request.events(), "id: \u0001\nretry: 10\ndata: \n\n"));
                MCPClient client = builder(server).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("event id");
        }
    }

    @Test
    void streamThatCannotBeResumed_isAFailure() throws Exception {
        try (ForeignServer server = ForeignServer.legacy("2025-11-25", request -> {
                    if (request.method().equals("tools/call")) {
                        request.event(request.events(), "id: e1\nretry: 10\ndata: \n\n");
                    } else {
                        request.send(405, "text/plain", "");
                    }
                });
                MCPClient client = builder(server).build()) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("405");
        }
    }

    @Test
    void requestsOfTheServer_areAnsweredOnTheWay() throws Exception {
        List<JsonNode> answers = new CopyOnWriteArrayList<>();
        try (ForeignServer server = ForeignServer.legacy("2025-11-25", request -> {
                    if (request.method().equals("GET")) {
                        request.status(405);
                        return;
                    }
                    if (request.method().equals("response")) {
                        answers.add(request.body());
                        request.status(202);
                        return;
                    }
                    OutputStream out = request.events();
                    request.event(out, """
                            data: {"jsonrpc":"2.0","id":"p","method":"ping"}

                            data: {"jsonrpc":"2.0","id":"f","method":"elicitation/create","params":{"message":"Sure?",\
                            "requestedSchema":{"type":"object","properties":{"a":{"type":"integer","default":7}}}}}

                            data: {"jsonrpc":"2.0","id":"s","method":"sampling/createMessage","params":{}}

                            data: {"jsonrpc":"2.0","id":"u","method":"no/such"}

                            """);
                    await().atMost(Gate.PATIENCE).until(() -> answers.size() == 4);
                    request.event(out, "data: " + request.response(OK) + "\n\n");
                });
                MCPClient client =
                        builder(server).onForm(form -> form.accept(Map.of())).build()) {
            client.call("t", Map.of());
            assertThat(server.requests("initialize").get(0).params().path("capabilities"))
                    .hasToString("{\"elicitation\":{\"form\":{}}}");
            List<String> texts = new ArrayList<>();
            answers.forEach(answer -> texts.add(answer.toString()));
            assertThat(texts)
                    .anyMatch(text -> text.contains("\"id\":\"p\",\"result\":{}"))
                    .anyMatch(text -> text.contains("\"action\":\"accept\",\"content\":{\"a\":7}"))
                    .anyMatch(text -> text.contains("\"id\":\"s\",\"error\":{\"code\":-32602"))
                    .anyMatch(text -> text.contains("\"id\":\"u\",\"error\":{\"code\":-32601"));
            assertThat(server.requests("response")).allMatch(answer -> answer.header("Mcp-Session-Id") != null);
        }
    }

    @Test
    void timeout_isToldTheServer() throws Exception {
        try (ForeignServer server = ForeignServer.legacy("2025-11-25", request -> {
                    if (request.method().equals("tools/call")) {
                        request.event(request.events(), ": wait\n\n");
                        sleep();
                    } else {
                        request.status(202);
                    }
                });
                MCPClient client = builder(server).build()) {
            assertThatThrownBy(() -> client.withTimeout(Duration.ofMillis(500)).call("t", Map.of()))
                    .isInstanceOf(MCPTimeoutException.class);
            await().atMost(Gate.PATIENCE)
                    .until(() -> server.requests("notifications/cancelled").size() == 1);
            assertThat(server.requests("notifications/cancelled")
                            .get(0)
                            .params()
                            .get("requestId"))
                    .isEqualTo(server.requests("tools/call").get(0).id());
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
