package io.qicore.mcp.client.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.JWTAuthenticationClaimsSet;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.JWTID;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import java.net.URI;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The client credentials grant, for programs without a person: with a secret or a signed assertion. */
final class MachineFlow implements Flow {

    private static final long ASSERTION_SECONDS = 60;

    private final OAuthClientId client;
    private final @Nullable PrivateKey key;
    private final @Nullable JWSAlgorithm algorithm;

    MachineFlow(OAuthClientId client, @Nullable PrivateKey key, @Nullable JWSAlgorithm algorithm) {
        this.client = client;
        this.key = key;
        this.algorithm = algorithm;
    }

    @Override
    public Set<String> trustedHosts() {
        return client.issuerHost();
    }

    @Override
    public Set<String> moreScopes(Discovery server) {
        return Set.of();
    }

    @Override
    public Tokens obtain(OAuthHttp http, Discovery server, Set<String> scopes) throws JOSEException {
        if (client.issuer() != null && !client.issuer().equals(server.issuer())) {
            throw new MCPAuthorizationException(
                    "The server names the authorization server " + server.issuer()
                            + ", but the client's credentials are for " + client.issuer() + ".",
                    null);
        }
        AuthorizationGrant grant = new ClientCredentialsGrant();
        Tokens tokens;
        if (key != null && algorithm != null) {
            URI endpoint =
                    server.endpoint(http, "token endpoint", server.metadata().getTokenEndpointURI());
            TokenRequest.Builder request =
                    new TokenRequest.Builder(endpoint, assertion(key, algorithm, server.issuer()), grant);
            tokens = TokenEndpoint.request(http, server, endpoint, client, scopes, request);
        } else {
            OAuthClientId settled =
                    TokenEndpoint.settled(client, server.metadata().getTokenEndpointAuthMethods());
            tokens = TokenEndpoint.request(http, server, settled, scopes, grant);
        }
        // A program can ask for new tokens at any time.
        return tokens.withRefreshToken(null);
    }

    private PrivateKeyJWT assertion(PrivateKey secret, JWSAlgorithm signing, String issuer) throws JOSEException {
        Instant now = Instant.now();
        return new PrivateKeyJWT(
                new JWTAuthenticationClaimsSet(
                        new ClientID(client.clientId()),
                        new Audience(issuer).toSingleAudienceList(),
                        Date.from(now.plusSeconds(ASSERTION_SECONDS)),
                        null,
                        Date.from(now),
                        new JWTID()),
                signing,
                secret,
                null,
                null);
    }
}
