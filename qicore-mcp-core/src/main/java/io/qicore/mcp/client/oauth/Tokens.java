package io.qicore.mcp.client.oauth;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens for one server.
 *
 * @param issuer the authorization server that has issued them, and alone gets the refresh token
 * @param tokenEndpoint where to refresh them
 * @param resource the server that they are for
 * @param client the client that they were issued to
 * @param accessToken the access token
 * @param refreshToken the refresh token, or null
 * @param expiresAt when the access token expires, or null if that is not known
 * @param scopes the scopes that were asked for
 */
record Tokens(
        @JsonProperty("issuer") String issuer,
        @JsonProperty("tokenEndpoint") URI tokenEndpoint,
        @JsonProperty("resource") URI resource,
        @JsonProperty("client") OAuthClientId client,
        @JsonProperty("accessToken") String accessToken,
        @JsonProperty("refreshToken") @Nullable String refreshToken,
        @JsonProperty("expiresAt") @Nullable Instant expiresAt,

        @JsonProperty("scopes") @JsonDeserialize(as = LinkedHashSet.class)
        Set<String> scopes) {

    String bearer() {
        return "Bearer " + accessToken;
    }

    boolean isExpired(Instant now) {
        return expiresAt != null && !now.plusSeconds(10).isBefore(expiresAt);
    }

    Tokens withRefreshToken(@Nullable String other) {
        return new Tokens(issuer, tokenEndpoint, resource, client, accessToken, other, expiresAt, scopes);
    }

    @Override
    public String toString() {
        return "Tokens[" + issuer + "]";
    }
}
