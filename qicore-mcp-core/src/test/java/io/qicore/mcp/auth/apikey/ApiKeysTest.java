package io.qicore.mcp.auth.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Heads;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.transport.RawHttp;
import io.qicore.mcp.transport.servlet.HttpServing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link ApiKeys} on every HTTP server, with {@link ToolRights}. */
@ParameterizedClass
@EnumSource(HttpServing.class)
class ApiKeysTest {

    private static final String READER = ApiKey.random();
    private static final String OPERATOR = ApiKey.random();

    @Parameter
    HttpServing serving;

    private HttpServing.Running running;

    private void start(ApiKeys keys) throws Exception {
        running = serving.start(
                transport -> {
                    TestServer server = new TestServer();
                    TestServer with = server.with(server.settings().toBuilder()
                            .interceptor(ToolRights.create())
                            .transport(transport));
                    with.start();
                    return with;
                },
                HttpAccess.builder().authenticator(keys).build(),
                Duration.ofMinutes(1));
    }

    @AfterEach
    void stop() throws Exception {
        if (running != null) {
            running.close();
        }
    }

    private static ApiKeys keys() {
        return ApiKeys.of(List.of(
                ApiKey.of("reader", READER, Set.of("read")), ApiKey.of("operator", OPERATOR, Set.of("destructive"))));
    }

    private String answer(Map<String, String> headers, String method, String tool) throws Exception {
        Map<String, String> all = new TreeMap<>(headers);
        all.put("Connection", "close");
        all.put("MCP-Protocol-Version", "2025-11-25");
        try (RawHttp client = new RawHttp(running.uri())) {
            return client.post(
                            all,
                            Json.object()
                                    .put("jsonrpc", "2.0")
                                    .put("id", 7)
                                    .put("method", method)
                                    .set(
                                            "params",
                                            Json.object()
                                                    .put("name", tool)
                                                    .set(
                                                            "arguments",
                                                            Json.object().put("text", "x")))
                                    .toString())
                    .readToEnd();
        }
    }

    private String call(String key, String tool) throws Exception {
        return answer(Map.of("X-API-Key", key), "tools/call", tool);
    }

    @Test
    void key_allowsWhatItsRightsSay() throws Exception {
        start(keys());
        assertThat(call(READER, "echo")).startsWith("HTTP/1.1 200").contains("structuredContent");
        assertThat(answer(Map.of("Authorization", "Bearer " + READER), "tools/call", "echo"))
                .contains("structuredContent");
        String hidden = call(READER, "fail");
        String unknown = call(READER, "none");
        assertThat(hidden).contains("-32602", "fail");
        assertThat(body(hidden).replace("fail", "none")).isEqualTo(body(unknown));
        assertThat(call(OPERATOR, "fail")).contains("OUT_OF_LUCK");
        assertThat(answer(Map.of("X-API-Key", READER), "tools/list", "x"))
                .contains("\"echo\"")
                .doesNotContain("\"fail\"");
        assertThat(answer(Map.of("X-API-Key", OPERATOR), "tools/list", "x")).contains("\"echo\"", "\"fail\"");
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n"));
    }

    @Test
    void fileThatChanges_isReadAgain(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        Files.writeString(file, "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER + "\", \"rights\": [\"read\"]}]}");
        // KeyFileTest waits for the interval of applications.
        start(ApiKeys.fromFile(file, Duration.ofMillis(50)));
        assertThat(call(READER, "echo")).startsWith("HTTP/1.1 200");
        assertThat(call(OPERATOR, "echo")).startsWith("HTTP/1.1 401");

        Files.writeString(
                file, "{\"keys\": [{\"name\": \"b\", \"key\": \"" + OPERATOR + "\", \"rights\": [\"read\"]}]}");
        Awaitility.await().until(() -> call(OPERATOR, "echo").startsWith("HTTP/1.1 200"));
        assertThat(call(READER, "echo")).startsWith("HTTP/1.1 401");

        Files.writeString(file, "{\"keys\": [{\"name\": \"b\", \"key\": \"" + OPERATOR + "\", \"rigths\": []}]}");
        Awaitility.await().until(() -> call(OPERATOR, "echo").startsWith("HTTP/1.1 401"));
    }

    @Test
    void expiryAndLimits_apply() throws Exception {
        start(ApiKeys.parse("""
                {"keys": [
                  {"name": "late", "key": "%s", "rights": ["read"], "expires": "2020-01-01T00:00:00Z"},
                  {"name": "narrow", "key": "%s", "rights": ["admin"], "limits": {"tools": ["f*"]}}
                ]}""".formatted(READER, OPERATOR)));
        assertThat(call(READER, "echo")).startsWith("HTTP/1.1 401");
        assertThat(call(OPERATOR, "fail")).contains("OUT_OF_LUCK");
        assertThat(call(OPERATOR, "echo")).contains("-32602");
        assertThat(answer(Map.of("X-API-Key", OPERATOR), "tools/list", "x"))
                .contains("\"fail\"")
                .doesNotContain("\"echo\"");
    }

    @Test
    void limitsOfAdapters_reachTheCaller() throws Exception {
        ApiKeys keys = ApiKeys.parse("""
                {"keys": [{"name": "narrow", "key": "%s", "rights": ["read"],
                  "limits": {"topics": ["a.*"], "groups": ["g"], "schemas": ["public", "a_*"]}}]}""".formatted(READER));
        Caller caller = (Caller) keys.authenticate(Heads.with("X-API-Key", READER))
                .toCompletableFuture()
                .get();
        assertThat(caller.allows(Caller.TOPICS, "a.x")).isTrue();
        assertThat(caller.allows(Caller.TOPICS, "b")).isFalse();
        assertThat(caller.allows(Caller.GROUPS, "g")).isTrue();
        assertThat(caller.allows(Caller.SCHEMAS, "b")).isFalse();
        assertThat(caller.allows(Caller.TOOLS, "anything")).isTrue();
    }

    @Test
    void keysThatAreWrong_areRefusedWithoutShowingThem() {
        for (String json : List.of(
                "",
                "null",
                "[]",
                "{}",
                "{\"keys\": null}",
                "{\"keys\": []}",
                "{\"keys\": [null]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER + "\"}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER + "\", \"rights\": []}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER + "\", \"rights\": [\"a b\"]}]}",
                "{\"keys\": [{\"name\": \"a b\", \"key\": \"" + READER + "\", \"rights\": [\"read\"]}]}",
                "{\"keys\": [{\"key\": \"" + READER + "\", \"rights\": [\"read\"]}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"short\", \"rights\": [\"read\"]}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER
                        + "\", \"sha256\": \"00\", \"rights\": [\"read\"]}]}",
                "{\"keys\": [{\"name\": \"a\", \"sha256\": \"" + READER + "\", \"rights\": [\"read\"]}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER + "\", \"rights\": [\"read\"], \"limit\": {}}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER
                        + "\", \"rights\": [\"read\"], \"limits\": {\"tools\": [\"\"]}}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER
                        + "\", \"rights\": [\"read\"], \"limits\": {\"topics\": null}}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER
                        + "\", \"rights\": [\"read\"], \"limits\": {\"topics\": [\"a\", null]}}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER
                        + "\", \"rights\": [\"read\"], \"expires\": \"soon\"}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER
                        + "\", \"rights\": [\"read\"], \"limits\": {\"topcis\": [\"a\"]}}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER + "\", \"rights\": [\"read\"]}], \"keys\": []}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER + "\", \"rights\": [\"read\"]},"
                        + " {\"name\": \"b\", \"key\": \"" + READER + "\", \"rights\": [\"read\"]}]}",
                "{\"keys\": [{\"name\": \"a\", \"key\": \"" + READER + "\", \"rights\": [\"read\"]}]} x")) {
            assertThatThrownBy(() -> ApiKeys.parse(json))
                    .as(json)
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(e -> assertThat(e.toString()).doesNotContain(READER, "short"));
        }
        assertThat(keys().toString()).doesNotContain(READER);
        assertThat(ApiKey.of("reader", READER, Set.of("read")).toString()).isEqualTo("ApiKey[reader, rights [read]]");
    }
}
