package io.qicore.mcp.client.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
        Map<String, String> grant = new LinkedHashMap<>();
        grant.put("grant_type", "client_credentials");
        if (!scopes.isEmpty()) {
            grant.put("scope", String.join(" ", scopes));
        }
        String method = TokenEndpoint.method(client, server.list("token_endpoint_auth_methods_supported"));
        if (key != null && algorithm != null) {
            grant.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            grant.put("client_assertion", assertion(key, algorithm, server.issuer()));
        }
        return TokenEndpoint.request(
                http,
                server.issuer(),
                server.endpoint("token_endpoint"),
                client,
                method,
                server.resource(),
                scopes,
                grant);
    }

    private String assertion(PrivateKey secret, JWSAlgorithm signing, String issuer) throws JOSEException {
        Instant now = Instant.now();
        SignedJWT jwt = new SignedJWT(
                new JWSHeader(signing),
                new JWTClaimsSet.Builder()
                        .issuer(client.clientId())
                        .subject(client.clientId())
                        .audience(issuer)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(ASSERTION_SECONDS)))
                        .jwtID(UUID.randomUUID().toString())
                        .build());
        JWSSigner signer = secret instanceof ECPrivateKey curve ? new ECDSASigner(curve) : new RSASSASigner(secret);
        jwt.sign(signer);
        return jwt.serialize();
    }
}
