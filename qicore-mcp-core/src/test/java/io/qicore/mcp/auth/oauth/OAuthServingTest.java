package io.qicore.mcp.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.transport.RawHttp;
import io.qicore.mcp.transport.servlet.HttpServing;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link OAuthResourceServer} on every HTTP server. Attacks on it are in {@code HttpAttackTest}. */
@ParameterizedClass
@EnumSource(HttpServing.class)
class OAuthServingTest {

    private static final String METADATA =
            "resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\"";

    @Parameter
    HttpServing serving;

    private Issuer issuer;
    private HttpServing.Running running;

    @BeforeEach
    void start() throws Exception {
        issuer = new Issuer();
        start(Duration.ofMinutes(1));
    }

    private void start(Duration keysInterval) throws Exception {
        running = serving.start(
                transport -> {
                    TestServer server = new TestServer();
                    TestServer with = server.with(server.settings().toBuilder()
                            .interceptor(ToolRights.create().withStepUp())
                            .transport(transport));
                    with.start();
                    return with;
                },
                HttpAccess.builder()
                        .authenticator(OAuthResourceServer.builder(issuer.uri(), URI.create(Issuer.AUDIENCE))
                                .keysInterval(keysInterval)
                                .build())
                        .build(),
                Duration.ofMinutes(1));
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
        issuer.close();
    }

    private String answer(Map<String, String> headers, String tool) throws Exception {
        Map<String, String> all = new TreeMap<>(headers);
        all.put("Connection", "close");
        all.put("MCP-Protocol-Version", "2025-11-25");
        try (RawHttp client = new RawHttp(running.uri())) {
            return client.post(
                            all,
                            Json.object()
                                    .put("jsonrpc", "2.0")
                                    .put("id", 7)
                                    .put("method", "tools/call")
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

    private String answer(String token) throws Exception {
        return answer(Map.of("Authorization", "Bearer " + token), "echo");
    }

    @Test
    void tokenForThisServer_isAccepted() throws Exception {
        assertThat(answer(issuer.token("alice", "read")))
                .startsWith("HTTP/1.1 200")
                .contains("structuredContent");
        assertThat(answer(Map.of("Authorization", "bearer  " + issuer.token("alice", "read")), "echo"))
                .startsWith("HTTP/1.1 200");
        JWTClaimsSet entra = issuer.claims("alice", "")
                .claim("scope", null)
                .claim("scp", List.of("read"))
                .audience(List.of("other", Issuer.AUDIENCE))
                .build();
        assertThat(answer(issuer.sign(entra))).startsWith("HTTP/1.1 200");
        JWTClaimsSet skewed = issuer.claims("alice", "admin")
                .notBeforeTime(Date.from(Instant.now().plusSeconds(10)))
                .build();
        assertThat(answer(issuer.sign(skewed))).startsWith("HTTP/1.1 200");
    }

    @Test
    void scopeThatIsTooSmall_isNamed() throws Exception {
        String reader = issuer.token("alice", "read openid");
        String denied = answer(Map.of("Authorization", "Bearer " + reader), "crash");
        assertThat(denied)
                .startsWith("HTTP/1.1 403")
                .contains("error=\"insufficient_scope\", scope=\"destructive\"", METADATA);
        assertThat(answer(issuer.token("bob", "openid"))).startsWith("HTTP/1.1 403");
        assertThat(answer(issuer.token("bob", "READ xread read2 mcp:read"))).startsWith("HTTP/1.1 403");
        assertThat(answer(issuer.token("bob", "destructive"))).startsWith("HTTP/1.1 200");
    }

    @Test
    void issuerThatIsDown_isToldAndDoesNotMatterOnceTheKeysAreKnown() throws Exception {
        issuer.down(true);
        assertThat(answer(issuer.token("alice", "read")))
                .startsWith("HTTP/1.1 503")
                .containsIgnoringCase("Retry-After: 5");
        running.close();
        issuer.down(false);
        start(Duration.ofMillis(1));
        assertThat(answer(issuer.token("alice", "read"))).startsWith("HTTP/1.1 200");
        issuer.down(true);
        assertThat(answer(issuer.token("bob", "read"))).startsWith("HTTP/1.1 200");
    }

    @Test
    void newKey_isFetchedAndTheOldOneNotAcceptedAnyMore() throws Exception {
        running.close();
        start(Duration.ofMillis(1));
        String old = issuer.token("alice", "read");
        assertThat(answer(old)).startsWith("HTTP/1.1 200");
        String unseen = issuer.token("carol", "read");
        issuer.rotate("two");
        assertThat(answer(issuer.token("bob", "read"))).startsWith("HTTP/1.1 200");
        assertThat(answer(unseen)).startsWith("HTTP/1.1 401");
    }

    @Test
    void metadata_isOpenToEverybody() throws Exception {
        for (String path :
                List.of("/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp")) {
            try (RawHttp client = new RawHttp(running.uri())) {
                String answer = client.send(
                                "GET", path, Map.of("Connection", "close", "Origin", "https://any.example"), "")
                        .readToEnd();
                assertThat(answer)
                        .startsWith("HTTP/1.1 200")
                        .containsIgnoringCase("Access-Control-Allow-Origin: *")
                        .contains(
                                "\"resource\":\"" + Issuer.AUDIENCE + "\"",
                                "\"authorization_servers\":[\"" + issuer.uri() + "\"]",
                                "\"scopes_supported\":[\"read\"]");
            }
        }
        try (RawHttp client = new RawHttp(running.uri())) {
            assertThat(client.send("GET", "/.well-known/oauth-protected-resource/mcp/x", Map.of(), "")
                            .status())
                    .isNotEqualTo(200);
        }
    }
}
