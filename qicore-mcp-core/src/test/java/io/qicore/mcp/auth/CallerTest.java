package io.qicore.mcp.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {

    @Test
    void identity_isDifferentForEachCaller() {
        List<Caller> callers = List.of(
                Caller.of("a"),
                Caller.of("b"),
                Caller.of("i a"),
                Caller.of("a").withIssuer("i"),
                Caller.of("i").withIssuer("a"),
                Caller.of("b").withIssuer("i a"),
                Caller.of("a b").withIssuer("i"));
        Set<String> identities = new HashSet<>();
        callers.forEach(caller -> assertThat(identities.add(caller.identity()))
                .as(caller.toString())
                .isTrue());
        assertThat(Caller.ANONYMOUS.identity()).isNull();
        assertThat(Caller.ANONYMOUS.isSameAs(Caller.of("null"))).isFalse();
        assertThat(Caller.of("a").withScopes(Set.of("x")).isSameAs(Caller.of("a")))
                .isTrue();
    }

    @Test
    void text_hasNoClaims() {
        Caller caller = Caller.of("alice")
                .withIssuer("https://issuer")
                .withScopes(Set.of("scope-x"))
                .withAttributes(Map.of("email", "secret@example.com"))
                .withExpiry(Instant.EPOCH);
        assertThat(caller.toString()).isEqualTo("Caller[alice of https://issuer]");
        assertThat(Caller.ANONYMOUS.toString()).isEqualTo("Caller[anonymous]");
        assertThat(caller.isExpired(Instant.EPOCH)).isTrue();
        assertThat(caller.isExpired(Instant.EPOCH.minusMillis(1))).isFalse();
        assertThat(Caller.of("a").isExpired(Instant.MAX)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\tb", "a\u0000", "\u0085"})
    void nameThatCouldForgeALogLine_isRefused(String name) {
        assertThatThrownBy(() -> Caller.of(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Caller.of("a").withIssuer(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Caller.ANONYMOUS.withScopes(Set.of("x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void denial_canBeAHeader() {
        assertThatThrownBy(() -> Denial.unauthenticated("No.", "Bearer\r\nSet-Cookie: x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Denial.unauthenticated("No.", " ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Denial.forbidden(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Denial(Denial.Kind.UNAUTHENTICATED, "No.", null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Denial.busy("Later.", Duration.ofSeconds(1)).challenge()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "",
                "console.example",
                "https://console.example/",
                "https://",
                "https://a,https://b",
                "https://a b"
            })
    void originThatNoPageHas_isRefused(String origin) {
        assertThatThrownBy(() -> HttpAccess.builder().allowedOrigins(Set.of(origin)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + origin + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "", "mcp.example:443", "http://mcp.example", "a b", "::1", "mcp.example/"})
    void hostThatNoRequestHas_isRefused(String host) {
        assertThatThrownBy(() -> HttpAccess.builder().allowedHosts(Set.of(host)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + host + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mcp.example",
                "/mcp",
                "ftp://mcp.example/mcp",
                "https:///mcp",
                "https://mcp.example/mcp?x",
                "https://mcp.example/mcp#x",
                "https://u:p@mcp.example/mcp",
                "mailto:a@b"
            })
    void publicUrl_isAnEndpoint(String url) {
        assertThatThrownBy(() -> HttpAccess.builder().publicUrl(URI.create(url)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void access_isCopiedWhole() {
        HttpAccess access = HttpAccess.builder()
                .allowedHosts(Set.of("A.example"))
                .allowedOrigins(Set.of("https://a.example"))
                .publicUrl(URI.create("https://a.example/mcp"))
                .trustedProxies(Set.of("10.0.0.1"))
                .authenticator(HttpAuthenticator.of(request -> Caller.of("a")))
                .build();
        assertThat(access.toBuilder().build()).isEqualTo(access).hasSameHashCodeAs(access);
        assertThat(access).isNotEqualTo(HttpAccess.defaults());
        assertThat(access.allowedHosts()).containsExactly("a.example");
        assertThat(access.toString()).contains("authentication=set");
    }
}
