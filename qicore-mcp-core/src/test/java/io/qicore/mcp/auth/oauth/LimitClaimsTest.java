package io.qicore.mcp.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.Heads;
import io.qicore.mcp.auth.NamePatterns;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims of a token limit what its caller may use. */
class LimitClaimsTest {

    private Issuer issuer;
    private OAuthResourceServer server;

    @BeforeEach
    void start() throws Exception {
        issuer = new Issuer();
        server = OAuthResourceServer.builder(issuer.uri(), URI.create(Issuer.AUDIENCE))
                .limitClaims(Map.of(Caller.TOPICS, "mcp_topics"))
                .build();
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    private Authentication authenticated(@Nullable Object claim) throws Exception {
        String token = issuer.sign(
                issuer.claims("alice", "read").claim("mcp_topics", claim).build());
        return server.authenticate(Heads.bearer(token)).toCompletableFuture().get();
    }

    private NamePatterns topics(@Nullable Object claim) throws Exception {
        return ((Caller) authenticated(claim)).limit(Caller.TOPICS);
    }

    @Test
    void namesOfAClaim_areAllowed() throws Exception {
        for (Object claim : List.of("a.* b", " a.*  b ", List.of("a.*", "b"))) {
            NamePatterns topics = topics(claim);
            assertThat(List.of("a.x", "b")).as(String.valueOf(claim)).allMatch(topics::match);
            assertThat(List.of("c", "a", "bb", "")).as(String.valueOf(claim)).noneMatch(topics::match);
        }
        assertThat(topics("*").isAll()).isTrue();
        assertThat(((Caller) authenticated("a")).limit(Caller.GROUPS)).isSameAs(NamePatterns.ALL);
    }

    @Test
    void claimThatIsMissingOrOfAnotherForm_allowsNothing() throws Exception {
        List<@Nullable Object> claims = new ArrayList<>(List.of(
                "",
                " ",
                List.of(),
                7,
                true,
                Map.of("*", "*"),
                List.of(List.of("x")),
                List.of(Map.of("a", "*")),
                List.of("a", 1)));
        claims.add(null);
        claims.add(Arrays.asList("a", null));
        for (Object claim : claims) {
            NamePatterns topics = topics(claim);
            assertThat(List.of("a", "1", "null", "*", ""))
                    .as(String.valueOf(claim))
                    .noneMatch(topics::match);
        }
        for (Object claim : List.of(List.of(""), List.of("a", " "), Collections.singletonList("\t"))) {
            assertThat(authenticated(claim)).as(String.valueOf(claim)).isInstanceOf(Denial.class);
        }
    }
}
