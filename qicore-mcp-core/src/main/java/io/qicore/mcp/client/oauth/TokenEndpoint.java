package io.qicore.mcp.client.oauth;

import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.internal.log.LogText;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks an authorization server for tokens. */
final class TokenEndpoint {

    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;

    private TokenEndpoint() {}

    /** Returns the client with the way in which it authenticates: as it was registered, or as the authorization server can. */
    static OAuthClientId settled(OAuthClientId client, @Nullable List<ClientAuthenticationMethod> supported) {
        if (client.secret() == null) {
            return new OAuthClientId(client.issuer(), client.clientId(), null, "none");
        }
        if (client.authMethod() != null) {
            return client;
        }
        boolean isPost = supported != null
                && !supported.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                && supported.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        return new OAuthClientId(
                client.issuer(),
                client.clientId(),
                client.secret(),
                (isPost
                                ? ClientAuthenticationMethod.CLIENT_SECRET_POST
                                : ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                        .getValue());
    }

    private static Optional<ClientAuthentication> authentication(OAuthClientId client) {
        String secret = client.secret();
        if (secret == null || "none".equals(client.authMethod())) {
            return Optional.empty();
        }
        ClientID id = new ClientID(client.clientId());
        return Optional.of(
                ClientAuthenticationMethod.CLIENT_SECRET_POST.getValue().equals(client.authMethod())
                        ? new ClientSecretPost(id, new Secret(secret))
                        : new ClientSecretBasic(id, new Secret(secret)));
    }

    /**
     * Asks for tokens.
     *
     * @param client the client, {@link #settled}
     * @throws MCPAuthorizationException if the authorization server refuses
     */
    static Tokens request(
            OAuthHttp http, Discovery server, OAuthClientId client, Set<String> scopes, AuthorizationGrant grant) {
        URI endpoint = server.endpoint(http, "token endpoint", server.metadata().getTokenEndpointURI());
        TokenRequest.Builder request = authentication(client)
                .map(known -> new TokenRequest.Builder(endpoint, known, grant))
                .orElseGet(() -> new TokenRequest.Builder(endpoint, new ClientID(client.clientId()), grant));
        return request(http, server, endpoint, client, scopes, request);
    }

    /** As {@link #request(OAuthHttp, Discovery, OAuthClientId, Set, AuthorizationGrant)}, for a request that authenticates itself. */
    static Tokens request(
            OAuthHttp http,
            Discovery server,
            URI endpoint,
            OAuthClientId client,
            Set<String> scopes,
            TokenRequest.Builder request) {
        TokenResponse response = answer(http, server.issuer(), request, server.resource(), scopes);
        if (!response.indicatesSuccess()) {
            ErrorObject error = response.toErrorResponse().getErrorObject();
            throw new MCPAuthorizationException(
                    "The authorization server " + server.issuer() + " does not issue a token: "
                            + LogText.of(
                                    error.getCode() == null
                                            ? "HTTP status " + error.getHTTPStatusCode()
                                            : error.getCode())
                            + ".",
                    null);
        }
        return tokens(server.issuer(), endpoint, server.resource(), client, scopes, response.toSuccessResponse());
    }

    /**
     * Returns tokens for a refresh token, which goes to the endpoint that has issued it only; empty if the authorization server
     * refuses.
     *
     * @throws MCPAuthorizationException if it does not answer
     */
    static Optional<Tokens> refresh(OAuthHttp http, Tokens old, String refreshToken) {
        RefreshTokenGrant grant = new RefreshTokenGrant(new RefreshToken(refreshToken));
        TokenRequest.Builder request = authentication(old.client())
                .map(known -> new TokenRequest.Builder(old.tokenEndpoint(), known, grant))
                .orElseGet(() -> new TokenRequest.Builder(
                        old.tokenEndpoint(), new ClientID(old.client().clientId()), grant));
        TokenResponse response = answer(http, old.issuer(), request, old.resource(), old.scopes());
        if (!response.indicatesSuccess()) {
            int status = response.toErrorResponse().getErrorObject().getHTTPStatusCode();
            if (status >= 500 || status == TOO_MANY || status == TIMEOUT) {
                // It says nothing about the refresh token.
                throw new MCPAuthorizationException(
                        "The authorization server " + old.issuer() + " cannot refresh the token now.", null);
            }
            return Optional.empty();
        }
        Tokens fresh = tokens(
                old.issuer(),
                old.tokenEndpoint(),
                old.resource(),
                old.client(),
                old.scopes(),
                response.toSuccessResponse());
        return Optional.of(fresh.refreshToken() != null ? fresh : fresh.withRefreshToken(refreshToken));
    }

    private static TokenResponse answer(
            OAuthHttp http, String issuer, TokenRequest.Builder request, URI resource, Collection<String> scopes) {
        try {
            if (!scopes.isEmpty()) {
                request.scope(Scope.parse(scopes));
            }
            return TokenResponse.parse(
                    http.send(request.resource(resource).build().toHTTPRequest()));
        } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
            // The message may contain a part of the answer, and with it a token.
            throw new MCPAuthorizationException(
                    "The authorization server " + issuer + " does not answer with a token or an error of OAuth.", null);
        }
    }

    private static Tokens tokens(
            String issuer,
            URI endpoint,
            URI resource,
            OAuthClientId client,
            Set<String> scopes,
            AccessTokenResponse response) {
        AccessToken token = response.getTokens().getAccessToken();
        if (!(token instanceof BearerAccessToken)) {
            throw new MCPAuthorizationException(
                    "The authorization server " + issuer + " issues tokens of the type "
                            + LogText.of(token.getType().getValue()) + ", not Bearer.",
                    null);
        }
        RefreshToken refresh = response.getTokens().getRefreshToken();
        long seconds = token.getLifetime();
        return new Tokens(
                issuer,
                endpoint,
                resource,
                new OAuthClientId(issuer, client.clientId(), client.secret(), client.authMethod()),
                token.getValue(),
                refresh == null ? null : refresh.getValue(),
                seconds <= 0 ? null : Instant.now().plusSeconds(Math.min(seconds, Integer.MAX_VALUE)),
                scopes);
    }
}
