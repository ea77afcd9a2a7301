package io.qicore.mcp.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.policy.ToolRights;
import io.qicore.mcp.transport.RawHttp;
import io.qicore.mcp.transport.servlet.HttpServing;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that try to get past {@link OAuthResourceServer}, on every HTTP server. */
@ParameterizedClass
@EnumSource(HttpServing.class)
class OAuthAttackTest {

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
    void tokenThatIsNotForThisServer_isRefused() throws Exception {
        RSAKey foreign = Issuer.newKey("one");
        JWTClaimsSet good = issuer.claims("alice", "admin").build();
        Instant now = Instant.now();
        byte[] publicKey = issuer.key().toRSAPublicKey().getEncoded();
        SignedJWT confused = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), good);
        confused.sign(new MACSigner(publicKey));
        EncryptedJWT encrypted =
                new EncryptedJWT(new JWEHeader(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM), good);
        encrypted.encrypt(new RSAEncrypter(issuer.key().toRSAPublicKey()));
        String real = issuer.sign(good);
        String[] parts = real.split("\\.");
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put(
                "expired",
                issuer.sign(issuer.claims("a", "admin")
                        .expirationTime(Date.from(now.minusSeconds(60)))
                        .build()));
        tokens.put(
                "not yet valid",
                issuer.sign(issuer.claims("a", "admin")
                        .notBeforeTime(Date.from(now.plusSeconds(120)))
                        .build()));
        tokens.put(
                "no expiry",
                issuer.sign(issuer.claims("a", "admin").expirationTime(null).build()));
        tokens.put(
                "no subject",
                issuer.sign(issuer.claims("a", "admin").subject(null).build()));
        tokens.put("blank subject", issuer.sign(issuer.claims(" ", "admin").build()));
        tokens.put(
                "subject with a line",
                issuer.sign(issuer.claims("a\nb", "admin").build()));
        tokens.put(
                "other issuer",
                issuer.sign(issuer.claims("a", "admin")
                        .issuer("https://evil.example")
                        .build()));
        tokens.put(
                "issuer with a slash",
                issuer.sign(
                        issuer.claims("a", "admin").issuer(issuer.uri() + "/").build()));
        tokens.put(
                "no issuer",
                issuer.sign(issuer.claims("a", "admin").issuer(null).build()));
        tokens.put(
                "other audience",
                issuer.sign(issuer.claims("a", "admin")
                        .audience("https://mcp.example.com/other")
                        .build()));
        tokens.put(
                "audience as prefix",
                issuer.sign(issuer.claims("a", "admin")
                        .audience(Issuer.AUDIENCE + "/x")
                        .build()));
        tokens.put(
                "no audience",
                issuer.sign(issuer.claims("a", "admin").audience((String) null).build()));
        tokens.put("alg none", new PlainJWT(good).serialize());
        tokens.put("alg None by hand", Base64URL.encode("{\"alg\":\"None\"}") + "." + parts[1] + ".");
        tokens.put("signature cut off", parts[0] + "." + parts[1] + ".");
        tokens.put(
                "signature of another token",
                parts[0] + "." + parts[1] + "." + issuer.token("b", "read").split("\\.")[2]);
        tokens.put(
                "claims changed",
                parts[0] + "."
                        + Base64URL.encode(
                                issuer.claims("root", "admin").build().toString()) + "." + parts[2]);
        tokens.put("HMAC with the public key", confused.serialize());
        tokens.put(
                "HMAC in the header only",
                Base64URL.encode("{\"alg\":\"HS256\",\"kid\":\"one\"}") + "." + parts[1] + "." + parts[2]);
        tokens.put(
                "foreign key, same kid",
                Issuer.sign(good, foreign, Issuer.header(foreign).build()));
        tokens.put(
                "foreign key in jwk",
                Issuer.sign(
                        good,
                        foreign,
                        Issuer.header(foreign).jwk(foreign.toPublicJWK()).build()));
        tokens.put(
                "foreign key by jku",
                Issuer.sign(
                        good,
                        foreign,
                        Issuer.header(foreign)
                                .jwkURL(URI.create("https://evil.example/keys"))
                                .build()));
        tokens.put(
                "foreign key by x5u",
                Issuer.sign(
                        good,
                        foreign,
                        Issuer.header(foreign)
                                .x509CertURL(URI.create("https://evil.example/c"))
                                .build()));
        tokens.put(
                "unknown kid",
                Issuer.sign(
                        good, foreign, Issuer.header(foreign).keyID("../../one").build()));
        tokens.put(
                "critical header",
                Issuer.sign(
                        good,
                        issuer.key(),
                        Issuer.header(issuer.key())
                                .criticalParams(Set.of("exp"))
                                .customParam("exp", 1)
                                .build()));
        tokens.put(
                "other type",
                Issuer.sign(
                        good,
                        issuer.key(),
                        Issuer.header(issuer.key())
                                .type(new JOSEObjectType("logout+jwt"))
                                .build()));
        tokens.put("encrypted", encrypted.serialize());
        tokens.put("no token", "x");
        tokens.put("dots", "..");
        tokens.put("two in one", real + "," + real);
        tokens.put("with a blank", real + " x");
        tokens.put("with a NUL", real + "\u0000");
        tokens.put("very long", "a".repeat(6_000));
        tokens.put("a quote", "\"" + real + "\"");
        List<String> accepted = new ArrayList<>();
        for (Map.Entry<String, String> token : tokens.entrySet()) {
            String answer = answer(token.getValue());
            boolean refused = answer.startsWith("HTTP/1.1 401")
                    && answer.contains("error=\"invalid_token\"")
                    && answer.contains(METADATA);
            boolean malformed =
                    answer.startsWith("HTTP/1.1 400") && token.getKey().equals("with a NUL");
            if (!(refused || malformed) || answer.contains("\"result\"")) {
                accepted.add(token.getKey() + ": " + answer.lines().findFirst().orElse(""));
            }
        }
        assertThat(accepted).isEmpty();
        // Such a flood does not reach the authorization server.
        assertThat(issuer.keyRequests()).isOne();
    }

    @Test
    void credentialsElsewhere_doNotCount() throws Exception {
        String token = issuer.token("alice", "admin");
        String missing = answer(Map.of(), "echo");
        assertThat(missing)
                .startsWith("HTTP/1.1 401")
                .contains("scope=\"read\"", METADATA)
                .doesNotContain("error=");
        List<Map<String, String>> attempts = List.of(
                Map.of("X-API-Key", token),
                Map.of("Authorization", token),
                Map.of("Authorization", "Basic " + token),
                Map.of("Authorization", "Bearer"),
                Map.of("Authorization", "Bearer\t" + token),
                Map.of("Authorization", "Bearer " + token + "\r\nAuthorization: Bearer " + token),
                Map.of("Authorization", "Bearer " + token + "\r\nauthorization: Basic x"),
                Map.of("Cookie", "access_token=" + token),
                Map.of("X-Forwarded-User", "alice", "X-Remote-User", "alice"));
        for (Map<String, String> headers : attempts) {
            assertThat(answer(headers, "echo")).as(headers.toString()).startsWith("HTTP/1.1 401");
        }
        try (RawHttp client = new RawHttp(running.uri())) {
            assertThat(client.send(
                                    "POST",
                                    "/mcp?access_token=" + token,
                                    Map.of(),
                                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}")
                            .status())
                    .isEqualTo(401);
        }
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

    @Test
    void tooManyHeaders_areRefusedBeforeAnythingElse() throws Exception {
        try (RawHttp client = new RawHttp(running.uri())) {
            client.raw("POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ");
            int status = 0;
            try {
                for (int i = 0; i < 10_000; i++) {
                    client.bytes("a".repeat(1000).getBytes(StandardCharsets.UTF_8));
                }
            } catch (java.io.IOException closed) {
                status = 431;
            }
            if (status == 0) {
                status = client.status();
            }
            assertThat(status).isBetween(400, 431);
        }
    }
}
