package io.qicore.mcp.auth.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An authorization server that publishes keys and signs tokens, over HTTP on this machine. */
public final class Issuer implements AutoCloseable {

    /** What the tokens are for, unless a test says otherwise. */
    public static final String AUDIENCE = "https://mcp.example.com/mcp";

    private final HttpServer server;
    private final AtomicInteger keyRequests = new AtomicInteger();
    private final List<JWK> published = new CopyOnWriteArrayList<>();
    private volatile RSAKey key;
    private volatile boolean down;
    private volatile String path = "/keys";

    public Issuer() throws IOException, JOSEException {
        key = newKey("one");
        published.add(key.toPublicJWK());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/.well-known/oauth-authorization-server", exchange -> {
            byte[] body = ("{\"issuer\": \"" + uri() + "\", \"jwks_uri\": \"" + uri() + path + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/", exchange -> {
            boolean there = !down && exchange.getRequestURI().getPath().equals(path);
            keyRequests.incrementAndGet();
            byte[] body = new JWKSet(published).toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(there ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    public static RSAKey newKey(String id) throws JOSEException {
        return new RSAKeyGenerator(2048).keyID(id).generate();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How often the keys were asked for. */
    public int keyRequests() {
        return keyRequests.get();
    }

    public RSAKey key() {
        return key;
    }

    /** Uses and publishes another key instead of the present one. */
    public void rotate(String id) throws JOSEException {
        key = newKey(id);
        published.clear();
        published.add(key.toPublicJWK());
    }

    /** Publishes one more key. */
    public void publish(JWK more) {
        published.add(more);
    }

    /** Publishes the keys at another path only. */
    public void moveKeys(String newPath) {
        path = newPath;
    }

    public void down(boolean nowDown) {
        down = nowDown;
    }

    /** Claims of a good token of a subject. */
    public JWTClaimsSet.Builder claims(String subject, String scope) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(uri().toString())
                .subject(subject)
                .audience(AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("scope", scope);
    }

    public String token(String subject, String scope) throws JOSEException {
        return sign(claims(subject, scope).build());
    }

    public String sign(JWTClaimsSet claims) throws JOSEException {
        return sign(claims, key, header(key).build());
    }

    public static JWSHeader.Builder header(RSAKey key) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(key.getKeyID());
    }

    public static String sign(JWTClaimsSet claims, RSAKey key, JWSHeader header) throws JOSEException {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    /** Signs a text, whether or not it has the form of claims. */
    public String signText(String claims) throws JOSEException {
        JWSObject token = new JWSObject(header(key).build(), new Payload(claims));
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
