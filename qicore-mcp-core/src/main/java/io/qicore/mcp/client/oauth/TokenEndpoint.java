package io.qicore.mcp.client.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.internal.log.LogText;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks an authorization server for tokens. */
final class TokenEndpoint {

    private static final String BASIC = "client_secret_basic";
    private static final String POST = "client_secret_post";

    private TokenEndpoint() {}

    /** Returns how a client authenticates: as it was registered, or as the authorization server can. */
    static String method(OAuthClientId client, Set<String> supported) {
        if (client.secret() == null) {
            return "none";
        }
        if (client.authMethod() != null) {
            return client.authMethod();
        }
        return supported.isEmpty() || supported.contains(BASIC) || !supported.contains(POST) ? BASIC : POST;
    }

    /**
     * Asks for tokens.
     *
     * @param grant the parameters of the grant
     * @param method how the client authenticates; one of its own puts its parameters into the grant
     * @throws MCPAuthorizationException if the authorization server refuses
     */
    static Tokens request(
            OAuthHttp http,
            String issuer,
            URI endpoint,
            OAuthClientId client,
            String method,
            String resource,
            Set<String> scopes,
            Map<String, String> grant) {
        Map<String, String> form = new LinkedHashMap<>(grant);
        form.put("resource", resource);
        String authorization = null;
        if (method.equals(BASIC)) {
            authorization = basic(client);
        } else {
            form.put("client_id", client.clientId());
            if (method.equals(POST) && client.secret() != null) {
                form.put("client_secret", client.secret());
            }
        }
        OAuthHttp.Answer answer = http.post(endpoint, form, authorization);
        JsonNode body = answer.body();
        String token = body.path("access_token").textValue();
        if (answer.status() != 200
                || token == null
                || !"bearer".equalsIgnoreCase(body.path("token_type").asText())) {
            throw new MCPAuthorizationException(
                    "The authorization server " + issuer + " does not issue a token: "
                            + LogText.of(body.path("error").asText("HTTP status " + answer.status())) + ".",
                    null);
        }
        long seconds = body.path("expires_in").asLong(-1);
        return new Tokens(
                issuer,
                endpoint,
                resource,
                new OAuthClientId(issuer, client.clientId(), client.secret(), method),
                token,
                body.path("refresh_token").textValue(),
                seconds < 0 ? null : Instant.now().plusSeconds(Math.min(seconds, Integer.MAX_VALUE)),
                scopes);
    }

    /** Returns tokens for a refresh token, which goes to the endpoint that has issued it only. */
    static Tokens refresh(OAuthHttp http, Tokens old, String refreshToken) {
        Tokens fresh = request(
                http,
                old.issuer(),
                old.tokenEndpoint(),
                old.client(),
                String.valueOf(old.client().authMethod()),
                old.resource(),
                old.scopes(),
                Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
        return fresh.refreshToken() != null ? fresh : withRefreshToken(fresh, refreshToken);
    }

    private static Tokens withRefreshToken(Tokens tokens, @Nullable String refreshToken) {
        return new Tokens(
                tokens.issuer(),
                tokens.tokenEndpoint(),
                tokens.resource(),
                tokens.client(),
                tokens.accessToken(),
                refreshToken,
                tokens.expiresAt(),
                tokens.scopes());
    }

    private static String basic(OAuthClientId client) {
        String pair = OAuthHttp.encoded(client.clientId()) + ":" + OAuthHttp.encoded(String.valueOf(client.secret()));
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
