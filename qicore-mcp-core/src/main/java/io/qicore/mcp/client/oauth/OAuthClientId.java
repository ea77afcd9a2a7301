package io.qicore.mcp.client.oauth;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client that is registered at an authorization server. Immutable.
 *
 * @param issuer the authorization server; null for any that the MCP server names, which must then be trusted with the secret
 * @param clientId the id of the client
 * @param secret its secret, or null if it has none
 * @param authMethod how it authenticates: {@code client_secret_basic}, {@code client_secret_post} or {@code none}; null for what the
 *     authorization server supports
 */
public record OAuthClientId(
        @Nullable String issuer,
        String clientId,
        @Nullable String secret,
        @Nullable String authMethod) {
    /** Requires an id. */
    public OAuthClientId {
        Objects.requireNonNull(clientId, "clientId");
    }

    /** Returns the host of the issuer, in lower case, if there is one. */
    Set<String> issuerHost() {
        String host = issuer == null ? null : URI.create(issuer).getHost();
        return host == null ? Set.of() : Set.of(host.toLowerCase(Locale.ROOT));
    }

    /** Returns the id without the secret. */
    @Override
    public String toString() {
        return "OAuthClientId[" + clientId + " at " + issuer + "]";
    }
}
