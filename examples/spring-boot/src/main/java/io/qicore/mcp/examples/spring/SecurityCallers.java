package io.qicore.mcp.examples.spring;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.auth.RequestHead;
import io.qicore.mcp.policy.ToolRights.Right;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.springframework.security.authentication.AccountStatusException;
import org.springframework.security.authentication.AccountStatusUserDetailsChecker;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsChecker;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Component;

/**
 * Takes the user over whom Spring Security has authenticated, by whatever means. The subject of the caller is the name of the user,
 * and its scopes are the rights that its authorities give. Thread-safe.
 */
@Component
final class SecurityCallers implements HttpAuthenticator {

    /** The right that an authority gives. An authority that is missing here gives none. */
    private static final Map<String, Right> RIGHTS =
            Map.of("ROLE_READER", Right.READ, "ROLE_OPERATOR", Right.DESTRUCTIVE);

    private final UserDetailsService users;
    private final UserDetailsChecker status = new AccountStatusUserDetailsChecker();

    SecurityCallers(UserDetailsService users) {
        this.users = users;
    }

    /** Denies a request without a user, so that a mistake in the rules of Spring Security does not open the server. */
    @Override
    public CompletionStage<io.qicore.mcp.auth.Authentication> authenticate(RequestHead request) {
        return CompletableFuture.completedFuture(request.userPrincipal()
                .filter(Authentication.class::isInstance)
                .map(Authentication.class::cast)
                .filter(Authentication::isAuthenticated)
                .<io.qicore.mcp.auth.Authentication>map(
                        user -> Caller.of(user.getName()).withScopes(scopes(user.getAuthorities())))
                .orElseGet(() -> Denial.unauthenticated("Log in first.", "Basic realm=\"shop\"")));
    }

    /** Ends the subscriptions of a user who has been removed or locked, or has lost a right. */
    @Override
    public boolean stillAccepts(Caller caller) {
        try {
            UserDetails user = users.loadUserByUsername(Objects.requireNonNull(caller.subject()));
            status.check(user);
            return scopes(user.getAuthorities()).containsAll(caller.scopes());
        } catch (UsernameNotFoundException | AccountStatusException refused) {
            return false;
        }
    }

    private static Set<String> scopes(Collection<? extends GrantedAuthority> authorities) {
        return authorities.stream()
                .map(authority -> RIGHTS.get(String.valueOf(authority.getAuthority())))
                .filter(Objects::nonNull)
                .map(Right::scope)
                .collect(Collectors.toUnmodifiableSet());
    }
}
