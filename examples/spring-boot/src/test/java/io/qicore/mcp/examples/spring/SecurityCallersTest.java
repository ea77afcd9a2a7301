package io.qicore.mcp.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.RequestHead;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

class SecurityCallersTest {

    private final SecurityCallers callers = new SecurityCallers(new InMemoryUserDetailsManager());

    private Authentication authenticate(@Nullable Principal principal) {
        RequestHead request = mock(RequestHead.class);
        when(request.userPrincipal()).thenReturn(Optional.ofNullable(principal));
        return callers.authenticate(request).toCompletableFuture().join();
    }

    @Test
    void user_isTakenOver() {
        Principal alice = new TestingAuthenticationToken("alice", "secret", "ROLE_OPERATOR", "ROLE_OTHER");
        assertThat(authenticate(alice)).isEqualTo(Caller.of("alice").withScopes(Set.of("destructive")));
    }

    @Test
    void requestWithoutAUserOfSpringSecurity_isDenied() {
        TestingAuthenticationToken unproved = new TestingAuthenticationToken("alice", "secret");
        unproved.setAuthenticated(false);
        Principal ofTheContainer = () -> "alice";

        for (Principal principal : new Principal[] {null, unproved, ofTheContainer}) {
            assertThat(authenticate(principal)).isInstanceOfSatisfying(Denial.class, denial -> assertThat(denial.kind())
                    .isEqualTo(Denial.Kind.UNAUTHENTICATED));
        }
    }
}
