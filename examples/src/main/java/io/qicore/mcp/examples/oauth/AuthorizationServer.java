package io.qicore.mcp.examples.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stands in for an authorization server such as Keycloak or Entra: it publishes its metadata (RFC 8414) and its key, and gives one
 * client tokens by its credentials (client_credentials). Not for production: it listens on this machine only and knows one secret.
 */
final class AuthorizationServer implements AutoCloseable {

    private final HttpServer http;
    private final RSAKey key;
    private final String clientId;
    private final String secret;
    private final Set<String> scopes;

    /**
     * Starts the server on a free port of this machine.
     *
     * @param scopes what the client may ask for
     */
    AuthorizationServer(String clientId, String secret, Set<String> scopes) throws IOException, JOSEException {
        this.clientId = clientId;
        this.secret = secret;
        this.scopes = Set.copyOf(scopes);
        this.key = new RSAKeyGenerator(2048).keyID("example").generate();
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext(
                "/.well-known/oauth-authorization-server", exchange -> answer(exchange, 200, """
                        {"issuer": "%1$s", "token_endpoint": "%1$s/token", "jwks_uri": "%1$s/keys", \
                        "grant_types_supported": ["client_credentials"]}""".formatted(uri())));
        http.createContext("/keys", exchange -> answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
        http.createContext("/token", this::token);
        http.start();
    }

    /** Returns the issuer, as tokens name it. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    private void token(HttpExchange exchange) throws IOException {
        String expected = "Basic "
                + Base64.getEncoder().encodeToString((clientId + ":" + secret).getBytes(StandardCharsets.UTF_8));
        if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{\"error\": \"invalid_client\"}");
            return;
        }
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String scope = form.getOrDefault("scope", "");
        if (!"client_credentials".equals(form.get("grant_type")) || !form.containsKey("resource")) {
            answer(exchange, 400, "{\"error\": \"invalid_request\"}");
        } else if (!scopes.containsAll(List.of(scope.split(" ")))) {
            answer(exchange, 400, "{\"error\": \"invalid_scope\"}");
        } else {
            answer(
                    exchange,
                    200,
                    "{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_in\": 300}"
                            .formatted(signed(scope, form.get("resource"))));
        }
    }

    /** Returns a token for one resource (RFC 8707, RFC 9068). */
    private String signed(String scope, String resource) {
        Instant now = Instant.now();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(key.getKeyID())
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(uri().toString())
                        .subject(clientId)
                        .audience(resource)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(300)))
                        .claim("scope", scope)
                        .build());
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new HashMap<>();
        for (String field : body.split("&")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                form.put(decoded(field.substring(0, equals)), decoded(field.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
