package io.qicore.mcp.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.RSAKey;
import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.Heads;
import io.qicore.mcp.internal.json.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The claims and the headers of tokens, and when the keys are asked for. */
class OAuthResourceServerTest {

    private Issuer issuer;

    @BeforeEach
    void start() throws Exception {
        issuer = new Issuer();
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    private OAuthResourceServer.Builder builder() {
        return OAuthResourceServer.builder(issuer.uri(), URI.create(Issuer.AUDIENCE));
    }

    private static Authentication decide(OAuthResourceServer server, String token) {
        return server.authenticate(Heads.bearer(token)).toCompletableFuture().join();
    }

    /** The outcome for good claims, of which some members have other values, as JSON; null removes one. */
    private Authentication decide(String member, String json) throws Exception {
        com.fasterxml.jackson.databind.node.ObjectNode claims = (com.fasterxml.jackson.databind.node.ObjectNode)
                Json.MAPPER.readTree(issuer.claims("alice", "read").build().toString());
        if (json == null) {
            claims.remove(member);
        } else {
            claims.set(member, Json.MAPPER.readTree(json));
        }
        return decide(builder().build(), issuer.signText(claims.toString()));
    }

    private static void assertInvalid(Authentication outcome) {
        assertThat(outcome).isInstanceOfSatisfying(Denial.class, denial -> {
            assertThat(denial.kind()).isEqualTo(Denial.Kind.UNAUTHENTICATED);
            assertThat(denial.challenge()).contains("error=\"invalid_token\"");
        });
    }

    @Test
    void claimsOfAnyAllowedForm_areAccepted() throws Exception {
        long soon = Instant.now().getEpochSecond() + 100;
        Map<String, String> claims = new java.util.LinkedHashMap<>();
        claims.put("aud", "\"" + Issuer.AUDIENCE + "\"");
        claims.put("aud ", "[\"https://other.example\", \"" + Issuer.AUDIENCE + "\"]");
        claims.put("exp", soon + ".5");
        claims.put("iat", Long.toString(soon));
        claims.put("iat ", null);
        claims.put("nbf", Long.toString(Instant.now().getEpochSecond() + 10));
        // A number is not a valid subject, but some issuers have it.
        claims.put("sub", "17");
        claims.put("azp", "\"any-client\"");
        claims.put("scope", "[\"read\", \"write\"]");
        claims.put("scope ", "\"\"");
        claims.put("scope  ", "17");
        claims.put("other", "{\"nested\": [null, 1]}");
        for (Map.Entry<String, String> claim : claims.entrySet()) {
            assertThat(decide(claim.getKey().strip(), claim.getValue()))
                    .as(claim.toString())
                    .isInstanceOf(Caller.class);
        }
        assertThat(((Caller) decide("scope", "[\"read\", \"write\"]")).scopes())
                .containsExactlyInAnyOrder("read", "write");
        assertThat(((Caller) decide("scope", "\" read   write \"")).scopes())
                .containsExactlyInAnyOrder("read", "write");
        assertThat(((Caller) decide("scp", "\"write\"")).scopes()).containsExactlyInAnyOrder("read", "write");
        for (String nothing : new String[] {"\"\"", "17", "null", "{}", "[]", null}) {
            assertThat(((Caller) decide("scope", nothing)).scopes()).as(nothing).isEmpty();
        }
    }

    @Test
    void claimsOfAnyOtherForm_areRefused() throws Exception {
        Map<String, List<String>> wrong = Map.of(
                "sub", java.util.Arrays.asList(null, "null", "true", "{}", "[\"alice\"]", "\"\"", "\" \"", "\"a\\tb\""),
                "exp",
                        java.util.Arrays.asList(
                                null, "null", "\"2999999999\"", "true", "[]", "0", "-1", "-1e300", "1", "1.5"),
                "nbf", List.of("\"0\"", "{}", "99999999999", "1e12"),
                "aud",
                        java.util.Arrays.asList(
                                null, "null", "17", "[]", "{}", "\"\"", "[17]", "\"" + Issuer.AUDIENCE + "/\""),
                "iss",
                        java.util.Arrays.asList(
                                null, "null", "17", "[\"" + issuer.uri() + "\"]", "\"" + issuer.uri() + "/\""),
                "iat", List.of("\"yesterday\"", "[]"));
        List<String> accepted = new ArrayList<>();
        for (Map.Entry<String, List<String>> claim : wrong.entrySet()) {
            for (String value : claim.getValue()) {
                if (!(decide(claim.getKey(), value) instanceof Denial)) {
                    accepted.add(claim.getKey() + " = " + value);
                }
            }
        }
        assertThat(accepted).isEmpty();
        // Beyond the range of a date. Whatever it means, it does no harm.
        for (String huge : List.of("1e300", "9223372036854775807", "99999999999999999999999999", "9223372036854775")) {
            assertThat(decide("exp", huge)).as(huge).isNotNull();
        }
        for (String text : List.of("", "null", "[]", "17", "{", "[".repeat(5_000), "{\"sub\": " + "[".repeat(5_000))) {
            assertInvalid(decide(builder().build(), issuer.signText(text)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "AT+JWT", "application/at+jwt", "JWT", "jwt", ""})
    void typeOfAnAccessToken_isAccepted(String type) throws Exception {
        RSAKey key = issuer.key();
        String token = Issuer.sign(
                issuer.claims("alice", "read").build(),
                key,
                Issuer.header(key)
                        .type(type.isEmpty() ? null : new JOSEObjectType(type))
                        .build());
        assertThat(decide(builder().build(), token)).isInstanceOf(Caller.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logout+jwt", "dpop+jwt", "id_token", "at", "secevent+jwt", "application/jwt"})
    void otherType_isRefused(String type) throws Exception {
        RSAKey key = issuer.key();
        assertInvalid(decide(
                builder().build(),
                Issuer.sign(
                        issuer.claims("alice", "read").build(),
                        key,
                        Issuer.header(key).type(new JOSEObjectType(type)).build())));
    }

    @Test
    void expiry_includesTheSkewAndAppliesToATokenThatIsKept() throws Exception {
        OAuthResourceServer server = builder().clockSkew(Duration.ofSeconds(1)).build();
        Instant expiry = Instant.now().plusSeconds(2);
        String token = issuer.sign(
                issuer.claims("alice", "read").expirationTime(Date.from(expiry)).build());
        Caller caller = (Caller) decide(server, token);
        assertThat(caller.expiresAt())
                .isEqualTo(Instant.ofEpochSecond(expiry.getEpochSecond()).plusSeconds(1));
        Caller again = (Caller) decide(server, token);
        assertThat(again).isSameAs(caller);
        assertThat(again.isExpired(Instant.now().plusSeconds(4))).isTrue();
    }

    @Test
    void limitClaim_thatIsMissingAllowsNothing() throws Exception {
        OAuthResourceServer server =
                builder().limitClaims(Map.of("tools", "mcp_tools")).build();
        Map<String, Boolean> allowed = new java.util.LinkedHashMap<>();
        for (String claim :
                new String[] {null, "null", "17", "[]", "\"\"", "\"list_*\"", "[\"list_topics\"]", "\"*\""}) {
            String body = issuer.claims("alice", "read").build().toString();
            String token = issuer.signText(
                    claim == null ? body : body.substring(0, body.length() - 1) + ", \"mcp_tools\": " + claim + "}");
            Caller caller = (Caller) decide(server, token);
            allowed.put(String.valueOf(claim), caller.allows("tools", "list_topics"));
            assertThat(caller.allows("topics", "any")).isTrue();
        }
        assertThat(allowed.values()).containsExactly(false, false, false, false, true, true, true);
        assertInvalid(decide(
                server,
                issuer.sign(issuer.claims("alice", "read")
                        .claim("mcp_tools", List.of("a", " "))
                        .build())));
    }

    @Test
    void urlOfKeys_mustBeSafe() {
        for (String url : List.of(
                "http://login.example.com/",
                "https://user:secret@login.example.com/",
                "ftp://localhost/",
                "file:///keys")) {
            assertThatThrownBy(() -> OAuthResourceServer.builder(URI.create(url), URI.create(Issuer.AUDIENCE))
                            .build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret");
            assertThatThrownBy(() -> builder().jwksUrl(URI.create(url)).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    /** The states in which a flood of tokens with unknown keys can come. */
    enum Flood {
        COLD,
        COLD_AND_DOWN,
        WARM,
        WARM_AND_DOWN
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.EnumSource(Flood.class)
    void floodOfUnknownKeys_asksOnce(Flood flood) throws Exception {
        OAuthResourceServer server = builder().build();
        boolean warm = flood == Flood.WARM || flood == Flood.WARM_AND_DOWN;
        if (warm) {
            assertThat(decide(server, issuer.token("alice", "read"))).isInstanceOf(Caller.class);
        }
        issuer.down(flood == Flood.COLD_AND_DOWN || flood == Flood.WARM_AND_DOWN);
        RSAKey foreign = Issuer.newKey("foreign");
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            tokens.add(Issuer.sign(
                    issuer.claims("a" + i, "admin").build(),
                    foreign,
                    Issuer.header(foreign).keyID("unknown-" + i).build()));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Authentication>> attempts = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                tokens.forEach(token -> attempts.add(() -> decide(server, token)));
            }
            for (Future<Authentication> outcome : threads.invokeAll(attempts)) {
                assertThat(outcome.get()).isInstanceOf(Denial.class);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(issuer.keyRequests()).isOne();
        if (warm) {
            // Those whose keys are known notice nothing.
            assertThat(decide(server, issuer.token("bob", "read"))).isInstanceOf(Caller.class);
        }
    }

    @Test
    void keysThatCannotBeFetchedAgain_areAskedForOnceInAnInterval() throws Exception {
        OAuthResourceServer server =
                builder().keysInterval(Duration.ofMillis(500)).build();
        assertThat(decide(server, issuer.token("alice", "read"))).isInstanceOf(Caller.class);
        issuer.down(true);
        RSAKey foreign = Issuer.newKey("foreign");
        String unknown = Issuer.sign(
                issuer.claims("a", "admin").build(),
                foreign,
                Issuer.header(foreign).build());
        long start = System.nanoTime();
        while (System.nanoTime() - start < Duration.ofMillis(1_300).toNanos()) {
            assertThat(decide(server, unknown)).isInstanceOf(Denial.class);
        }
        long intervals = (System.nanoTime() - start) / Duration.ofMillis(500).toNanos() + 1;
        assertThat(issuer.keyRequests()).isBetween(2, (int) intervals + 1);
        issuer.down(false);
        issuer.rotate("two");
        org.awaitility.Awaitility.await().until(() -> decide(server, issuer.token("alice", "read")) instanceof Caller);
    }

    @Test
    void keysThatMove_areFoundAgain() throws Exception {
        OAuthResourceServer server =
                builder().keysInterval(Duration.ofMillis(1)).build();
        assertThat(decide(server, issuer.token("alice", "read"))).isInstanceOf(Caller.class);
        issuer.moveKeys("/new-keys");
        issuer.rotate("two");
        org.awaitility.Awaitility.await().until(() -> decide(server, issuer.token("alice", "read")) instanceof Caller);
    }

    @Test
    void scopesAndNames_areNotInTheText() throws Exception {
        Caller caller = (Caller) decide("email", "\"alice@example.com\"");
        assertThat(caller.attributes()).containsEntry("email", "alice@example.com");
        assertThat(caller.toString()).doesNotContain("alice@example.com");
        assertThat(Set.of(builder().build().toString())).noneMatch(text -> text.contains("alice"));
    }
}
