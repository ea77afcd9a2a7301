package io.qicore.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.client.ForeignServer.Request;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.endpoint.ProtocolMode;
import io.qicore.mcp.client.endpoint.RevisionStore;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client concludes from the answer to its first question. */
class NegotiationTest {

    private static final String CONTENT = "{\"content\": [{\"type\": \"text\", \"text\": \"done\"}]}";

    /** A server that answers the probe in one way, and knows the handshake and tools. */
    private static ForeignServer answeringProbe(int status, String type, String body) throws IOException {
        return new ForeignServer(request -> {
            switch (request.method()) {
                case "server/discover" ->
                    request.send(status, type, body.replace("ID", request.id().asText()));
                case "initialize" ->
                    request.result("{\"protocolVersion\": \""
                            + request.params().get("protocolVersion").asText()
                            + "\", \"capabilities\": {}, \"serverInfo\": {\"name\": \"s\", \"version\": \"1\"}}");
                case "notifications/initialized" -> request.status(202);
                default -> request.result(CONTENT);
            }
        });
    }

    private static MCPClient client(ForeignServer server, ProtocolMode mode) {
        return MCPClient.builder(HttpEndpoint.of(server.uri())).protocol(mode).build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | application/json | {'jsonrpc':'2.0','id':ID,'result':{'supportedVersions':['2026-07-28']}} | 2026-07-28",
                "200 | text/event-stream | data: {'jsonrpc':'2.0','id':ID,'result':{'supportedVersions':['2099-01-01','2026-07-28']}}~~ | 2026-07-28",
                "200 | application/json | {'jsonrpc':'2.0','id':ID,'result':{'supportedVersions':['2025-06-18']}} | 2025-06-18",
                "400 | application/json | {'jsonrpc':'2.0','id':ID,'error':{'code':-32022,'message':'x','data':{'supported':['2025-03-26']}}} | 2025-03-26",
                "400 | application/json | {'jsonrpc':'2.0','id':ID,'error':{'code':-32602,'message':'x'}} | 2025-11-25",
                "400 | application/json | {'jsonrpc':'2.0','error':{'code':-32000,'message':'Bad Request: Server not initialized'}} | 2025-11-25",
                "404 | application/json | {'jsonrpc':'2.0','id':ID,'error':{'code':-32601,'message':'x'}} | 2025-11-25",
                "200 | application/json | {'jsonrpc':'2.0','id':ID,'error':{'code':-32601,'message':'x'}} | 2025-11-25",
                "200 | application/json | {'jsonrpc':'2.0','id':ID,'result':{}} | 2025-11-25",
                "400 | text/plain | bad request | 2025-11-25",
                "404 | text/html | <html></html> | 2025-11-25",
                "405 | text/plain | no | 2025-11-25",
            })
    void answerToTheProbe_decides(int status, String type, String body, String version) throws Exception {
        try (ForeignServer server =
                        answeringProbe(status, type, body.replace('\'', '"').replace('~', '\n'));
                MCPClient client = client(server, ProtocolMode.auto())) {
            assertThat(client.call("t", Map.of()).asText()).isEqualTo("done");
            assertThat(client.call("t", Map.of()).asText()).isEqualTo("done");
            assertThat(client.discover().protocolVersion()).isEqualTo(version);
            // The verdict is remembered.
            assertThat(server.requests("server/discover")).hasSize(1);
            assertThat(server.requests("initialize").size() + (version.equals("2026-07-28") ? 1 : 0))
                    .isEqualTo(1);
            Request call = server.requests("tools/call").get(0);
            assertThat(call.params().path("_meta").has("io.modelcontextprotocol/protocolVersion"))
                    .isEqualTo(version.equals("2026-07-28"));
            assertThat(call.header("MCP-Protocol-Version")).isEqualTo(version.equals("2025-03-26") ? null : version);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | text/plain | who are you? | 401",
                "403 | text/plain | no | 403",
                "429 | text/plain | slowly | 429",
                "500 | text/html | <html></html> | 500",
                "503 | text/plain | later | 503",
                "302 | text/plain | there | redirects",
                "400 | application/json | {'jsonrpc':'2.0','id':ID,'error':{'code':-32020,'message':'x'}} | -32020",
                "400 | application/json | {'jsonrpc':'2.0','id':ID,'error':{'code':-32022,'message':'x','data':{'supported':['2099-01-01']}}} | 2099-01-01",
            })
    void answerThatIsNoEvidence_isReportedAndAskedAgain(int status, String type, String body, String message)
            throws Exception {
        try (ForeignServer server = answeringProbe(status, type, body.replace('\'', '"'));
                MCPClient client = client(server, ProtocolMode.auto())) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> client.call("t", Map.of()))
                        .isInstanceOf(MCPClientException.class)
                        .hasMessageContaining(message);
            }
            assertThat(server.requests("server/discover")).hasSize(2);
            assertThat(server.requests("initialize")).isEmpty();
        }
    }

    @Test
    void rejectedVersion_isTriedOnceMoreIfTheServerNamesIt() throws Exception {
        int[] probes = {0};
        try (ForeignServer server = new ForeignServer(request -> {
                    if (request.method().equals("server/discover") && probes[0]++ == 0) {
                        request.error(400, -32022, "{\"supported\": [\"2026-07-28\"]}");
                    } else {
                        request.result("{\"supportedVersions\": [\"2026-07-28\"], \"content\": []}");
                    }
                });
                MCPClient client = client(server, ProtocolMode.auto())) {
            client.call("t", Map.of());
            assertThat(server.requests("server/discover")).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"})
    void pinnedOldRevision_shakesHandsAtOnce(String version) throws Exception {
        try (ForeignServer server = answeringProbe(500, "text/plain", "");
                MCPClient client = client(server, ProtocolMode.pinned(version))) {
            client.call("t", Map.of());
            assertThat(client.discover().protocolVersion()).isEqualTo(version);
            assertThat(server.requests().stream().map(Request::method))
                    .containsExactly("initialize", "notifications/initialized", "tools/call");
        }
    }

    @Test
    void pinnedNewRevision_asksNothingFirst() throws Exception {
        try (ForeignServer server = answeringProbe(500, "text/plain", "");
                MCPClient client = client(server, ProtocolMode.modern())) {
            client.call("t", Map.of());
            assertThat(server.requests().stream().map(Request::method)).containsExactly("tools/call");
        }
    }

    @Test
    void otherRevisionThanThePinnedOne_isRefused() throws Exception {
        try (ForeignServer server = ForeignServer.legacy("2024-11-05", request -> request.result(CONTENT));
                MCPClient client = client(server, ProtocolMode.pinned("2025-06-18"))) {
            assertThatThrownBy(() -> client.call("t", Map.of()))
                    .isInstanceOf(MCPConnectionException.class)
                    .hasMessageContaining("2024-11-05");
        }
    }

    @Test
    void serverThatHasBecomeAnOlderOne_isAskedAgain() throws Exception {
        boolean[] old = {false};
        try (ForeignServer server = new ForeignServer(request -> {
                    switch (request.method()) {
                        case "server/discover" -> {
                            if (old[0]) {
                                request.send(404, "text/plain", "");
                            } else {
                                request.result("{\"supportedVersions\": [\"2026-07-28\"]}");
                            }
                        }
                        case "initialize" ->
                            request.result("{\"protocolVersion\": \"2025-11-25\", \"capabilities\": {}}");
                        case "notifications/initialized" -> request.status(202);
                        default -> {
                            if (old[0] && request.header("Mcp-Method") != null) {
                                request.send(400, "text/plain", "");
                            } else {
                                request.result(CONTENT);
                            }
                        }
                    }
                });
                MCPClient client = client(server, ProtocolMode.auto())) {
            client.call("t", Map.of());
            old[0] = true;
            assertThatThrownBy(() -> client.call("t", Map.of())).isInstanceOf(MCPConnectionException.class);
            assertThat(client.call("t", Map.of()).asText()).isEqualTo("done");
            assertThat(client.discover().protocolVersion()).isEqualTo("2025-11-25");
        }
    }

    /** A store whose methods fail from a call on. */
    private static RevisionStore failing(String method) {
        return new RevisionStore() {
            private void called(String name) {
                if (name.equals(method)) {
                    throw new IllegalStateException("The disk is full.");
                }
            }

            @Override
            public Optional<String> get(String server) {
                called("get");
                return Optional.empty();
            }

            @Override
            public void put(String server, String version) {
                called("put");
            }

            @Override
            public void remove(String server) {
                called("remove");
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "put", "remove"})
    void storeThatFails_doesNotFailTheClient(String method) throws Exception {
        boolean[] isOld = {true};
        try (ForeignServer server = changing(isOld);
                MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .revisions(failing(method))
                        .build()) {
            assertThat(client.call("t", Map.of()).asText()).isEqualTo("done");
            isOld[0] = false;
            assertThat(client.call("t", Map.of()).asText()).isEqualTo("done");
        }
    }

    @Test
    void revisionOfARestrictedClient_isNotThatOfOthers() throws Exception {
        RevisionStore store = RevisionStore.inMemory();
        try (ForeignServer server = answeringProbe(
                        200,
                        "application/json",
                        "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"supportedVersions\":[\"2026-07-28\",\"2024-11-05\"]}}");
                MCPClient old = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .revisions(store)
                        .protocol(ProtocolMode.pinned("2024-11-05"))
                        .build();
                MCPClient any = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .revisions(store)
                        .build()) {
            assertThat(old.discover().protocolVersion()).isEqualTo("2024-11-05");
            assertThat(any.discover().protocolVersion()).isEqualTo("2026-07-28");
        }
    }

    /** A server that speaks one kind of revision and then the other. */
    private static ForeignServer changing(boolean[] isOld) throws IOException {
        return new ForeignServer(request -> {
            boolean isModern = request.header("Mcp-Method") != null;
            if (isOld[0] && isModern) {
                request.json(
                        400,
                        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"Server not initialized\"}}");
            } else if (!isOld[0] && !isModern) {
                request.error(400, -32020, "null");
            } else {
                switch (request.method()) {
                    case "server/discover" -> request.result("{\"supportedVersions\": [\"2026-07-28\"]}");
                    case "initialize" -> request.result("{\"protocolVersion\": \"2025-11-25\", \"capabilities\": {}}");
                    case "notifications/initialized" -> request.status(202);
                    default -> request.result(CONTENT);
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void serverThatChangesItsRevision_isUsedInTheOtherOneByTheSameCall(boolean first) throws Exception {
        boolean[] isOld = {first};
        try (ForeignServer server = changing(isOld);
                MCPClient client = client(server, ProtocolMode.auto())) {
            client.call("t", Map.of());
            isOld[0] = !first;
            assertThat(client.call("t", Map.of()).asText()).isEqualTo("done");
            assertThat(client.discover().protocolVersion()).isEqualTo(first ? "2026-07-28" : "2025-11-25");
            isOld[0] = first;
            assertThat(client.call("t", Map.of()).asText()).isEqualTo("done");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rememberedRevision_savesTheQuestionAndIsForgottenWhenItIsWrong(boolean old) throws Exception {
        boolean[] isOld = {old};
        RevisionStore store = RevisionStore.inMemory();
        try (ForeignServer server = changing(isOld)) {
            String key = server.uri().toString();
            for (int i = 0; i < 3; i++) {
                try (MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                        .revisions(store)
                        .build()) {
                    client.call("t", Map.of());
                }
            }
            assertThat(server.requests("server/discover")).hasSize(1);
            assertThat(store.get(key)).contains(old ? "2025-11-25" : "2026-07-28");
            isOld[0] = !old;
            try (MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                    .revisions(store)
                    .build()) {
                assertThat(client.call("t", Map.of()).asText()).isEqualTo("done");
            }
            assertThat(store.get(key)).contains(old ? "2026-07-28" : "2025-11-25");
            // What the client must not speak is not used.
            store.put(key, "2099-01-01");
            try (MCPClient client = MCPClient.builder(HttpEndpoint.of(server.uri()))
                    .revisions(store)
                    .build()) {
                assertThat(client.call("t", Map.of()).asText()).isEqualTo("done");
            }
        }
    }

    @Test
    void keyOfAServer_doesNotContainItsQuery() throws Exception {
        List<String> keys = new java.util.ArrayList<>();
        RevisionStore store = new RevisionStore() {
            @Override
            public Optional<String> get(String server) {
                keys.add(server);
                return Optional.empty();
            }

            @Override
            public void put(String server, String version) {
                keys.add(server);
            }

            @Override
            public void remove(String server) {
                keys.add(server);
            }
        };
        try (ForeignServer server = changing(new boolean[] {true});
                MCPClient client = MCPClient.builder(HttpEndpoint.of(URI.create(server.uri() + "?key=secret")))
                        .revisions(store)
                        .build()) {
            client.call("t", Map.of());
        }
        assertThat(keys).isNotEmpty().allMatch(key -> key.contains("?") && !key.contains("secret"));
    }
}
