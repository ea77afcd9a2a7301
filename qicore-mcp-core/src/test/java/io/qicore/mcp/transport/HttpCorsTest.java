package io.qicore.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.MCPTool;
import io.qicore.mcp.transport.servlet.HttpServing;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser must be told, so that pages of allowed origins can use the server and others cannot. */
@ParameterizedClass
@EnumSource(HttpServing.class)
class HttpCorsTest {

    private static final String PAGE = "https://console.example";
    private static final String PING = """
            {"jsonrpc": "2.0", "id": 1, "method": "ping"}""";
    private static final HttpAccess ACCESS =
            HttpAccess.builder().allowedOrigins(Set.of(PAGE)).build();

    @Parameter
    HttpServing serving;

    private HttpServing.Running running;

    @BeforeEach
    void start() throws Exception {
        running = serving.start(
                TestServer.of(
                        "cors",
                        List.of(MCPTool.builder("step", TestServer.Nothing.class, TestServer.Text.class)
                                .description("Reports progress.")
                                .handler((nothing, context) -> {
                                    context.progress(1, 2.0, "half");
                                    return new TestServer.Text("done");
                                })
                                .build())),
                ACCESS);
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    private String head(String method, Map<String, String> headers, String body) throws Exception {
        try (RawHttp client = new RawHttp(running.uri()).send(method, "/mcp", headers, body)) {
            return client.readUntil("\r\n\r\n");
        }
    }

    private static Map<String, String> preflight(String origin) {
        return Map.of(
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "authorization,content-type,mcp-method,mcp-name,mcp-param-region,mcp-protocol-version,x-evil");
    }

    @ParameterizedTest
    @ValueSource(strings = {PAGE, "http://localhost:3000"})
    void preflightOfAnAllowedOrigin_isAnswered(String origin) throws Exception {
        assertThat(head("OPTIONS", preflight(origin), ""))
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("Access-Control-Allow-Origin: " + origin + "\r\n")
                .containsIgnoringCase("Access-Control-Allow-Methods: POST\r\n")
                .containsIgnoringCase("Access-Control-Max-Age: 7200\r\n")
                .containsIgnoringCase("Vary: Origin\r\n")
                .containsIgnoringCase("Authorization, Content-Type")
                .containsIgnoringCase("MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id")
                .containsIgnoringCase("mcp-param-region")
                .doesNotContain("x-evil")
                .doesNotContain("Access-Control-Allow-Credentials")
                .doesNotContain("Access-Control-Allow-Private-Network");
    }

    @Test
    void preflightForAnAddressOfTheMachine_isAnswered() throws Exception {
        Map<String, String> headers = new java.util.HashMap<>(preflight(PAGE));
        headers.put("Access-Control-Request-Private-Network", "true");
        assertThat(head("OPTIONS", headers, "")).containsIgnoringCase("Access-Control-Allow-Private-Network: true\r\n");
    }

    @Test
    void headersThatAPageAsksFor_areNotEchoedUnchecked() throws Exception {
        Map<String, String> headers = new java.util.HashMap<>(preflight(PAGE));
        headers.put("Access-Control-Request-Headers", "mcp-param-, mcp-param-a b, mcp-param-\"x\", ,mcp-param-ok");
        assertThat(head("OPTIONS", headers, "")).startsWith("HTTP/1.1 204").contains("baggage, mcp-param-ok\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "http://console.example",
                "chrome-extension://localhost",
                "file://"
            })
    void originThatIsNotAllowed_learnsNothing(String origin) throws Exception {
        assertThat(head("OPTIONS", preflight(origin), ""))
                .startsWith("HTTP/1.1 403")
                .doesNotContainIgnoringCase("Access-Control");
        assertThat(head("POST", Map.of("Origin", origin), PING))
                .startsWith("HTTP/1.1 403")
                .doesNotContainIgnoringCase("Access-Control");
    }

    @Test
    void everyAnswerToAnAllowedOrigin_canBeRead() throws Exception {
        ObjectNode step = Json.object().put("name", "step");
        step.withObjectProperty("_meta").put("progressToken", "p");
        Map<String, Map<String, String>> requests = Map.of(
                "200", Map.of(),
                "415", Map.of("Content-Type", "text/plain"),
                "406", Map.of("Accept", "text/html"),
                "400", Map.of("MCP-Protocol-Version", "1999-01-01"));
        for (var request : requests.entrySet()) {
            Map<String, String> headers = new java.util.HashMap<>(request.getValue());
            headers.put("Origin", PAGE);
            readable(head("POST", headers, PING), request.getKey());
        }
        readable(head("GET", Map.of("Origin", PAGE), ""), "405");
        readable(head("POST", Map.of("Origin", PAGE), "{"), "400");
        readable(
                head(
                        "POST",
                        Map.of(
                                "Origin",
                                PAGE,
                                "MCP-Protocol-Version",
                                "2026-07-28",
                                "Mcp-Method",
                                "tools/call",
                                "Mcp-Name",
                                "step"),
                        RawHttp.modernMessage("tools/call", step)),
                "200");
        assertThat(head("POST", Map.of(), PING)).doesNotContainIgnoringCase("Access-Control");
    }

    private static void readable(String head, String status) {
        assertThat(head)
                .startsWith("HTTP/1.1 " + status)
                .containsIgnoringCase("Access-Control-Allow-Origin: " + PAGE + "\r\n")
                .containsIgnoringCase(
                        "Access-Control-Expose-Headers: Mcp-Session-Id, WWW-Authenticate, Retry-After\r\n")
                .containsIgnoringCase("Vary: Origin\r\n");
    }

    @Test
    void preflight_needsNoCredentials_andTheDenialCanBeRead() throws Exception {
        running.close();
        running = serving.start(
                new TestServer("cors"),
                ACCESS.toBuilder()
                        .authenticator(HttpAuthenticator.of(request -> Denial.unauthenticated("No.", "Bearer")))
                        .build());
        assertThat(head("OPTIONS", preflight(PAGE), "")).startsWith("HTTP/1.1 204");
        String denied = head("POST", Map.of("Origin", PAGE), PING);
        readable(denied, "401");
        assertThat(denied).containsIgnoringCase("WWW-Authenticate: Bearer\r\n");
    }
}
