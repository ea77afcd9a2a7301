package io.qicore.mcp.benchmarks.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.auth.RequestHead;
import io.qicore.mcp.auth.apikey.ApiKey;
import io.qicore.mcp.auth.apikey.ApiKeys;
import io.qicore.mcp.auth.oauth.OAuthResourceServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures the authentication of one request beside its limit: an API key among ten in a file, and an access token that has been
 * verified before. The ratio is the measured time divided by the limit.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AuthBenchmark {

    private static final int KEYS = 10;
    private static final URI RESOURCE = URI.create("https://mcp.example.com/mcp");

    /** The limits, in microseconds, by the name of the method. */
    private static final Map<String, Double> LIMITS = Map.of("apiKey", 5.0, "cachedToken", 100.0);

    private HttpServer issuer;
    private Path file;
    private HttpAuthenticator keys;
    private HttpAuthenticator tokens;
    private RequestHead withKey;
    private RequestHead withToken;

    /** Prepares a file of keys, an authorization server on this machine, and a token that is known. */
    @Setup
    public void start() throws Exception {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            texts.add(ApiKey.random());
        }
        file = Files.createTempFile("keys", ".json");
        Files.writeString(
                file,
                texts.stream()
                        .map(text -> "{\"name\": \"k" + texts.indexOf(text) + "\", \"key\": \"" + text
                                + "\", \"rights\": [\"read\"]}")
                        .collect(Collectors.joining(",", "{\"keys\": [", "]}")));
        keys = ApiKeys.fromFile(file);
        withKey = new BearerHead(texts.get(KEYS - 1));

        RSAKey key = new RSAKeyGenerator(2048).keyID("one").generate();
        byte[] published = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/keys", exchange -> {
            exchange.sendResponseHeaders(200, published.length);
            exchange.getResponseBody().write(published);
            exchange.close();
        });
        issuer.start();
        URI uri = URI.create("http://127.0.0.1:" + issuer.getAddress().getPort());
        Instant now = Instant.now();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(),
                new JWTClaimsSet.Builder()
                        .issuer(uri.toString())
                        .subject("alice")
                        .audience(RESOURCE.toString())
                        .expirationTime(Date.from(now.plusSeconds(3600)))
                        .claim("scope", "read write")
                        .build());
        token.sign(new RSASSASigner(key));
        tokens = OAuthResourceServer.builder(uri, RESOURCE)
                .jwksUrl(uri.resolve("/keys"))
                .build();
        withToken = new BearerHead(token.serialize());
        requireCaller(apiKey());
        requireCaller(cachedToken());
    }

    private static void requireCaller(Authentication outcome) {
        if (!(outcome instanceof Caller)) {
            throw new IllegalStateException("Not authenticated: " + outcome);
        }
    }

    /** Stops the authorization server. */
    @TearDown
    public void stop() throws Exception {
        issuer.stop(0);
        Files.delete(file);
    }

    /** Authenticates a request by an API key. */
    @Benchmark
    public Authentication apiKey() {
        return keys.authenticate(withKey).toCompletableFuture().join();
    }

    /** Authenticates a request by an access token. Each minute one of these verifies the signature again. */
    @Benchmark
    public Authentication cachedToken() {
        return tokens.authenticate(withToken).toCompletableFuture().join();
    }

    /** Runs the benchmarks and prints a line for each target. Exit code 1 if one is missed. */
    public static void main(String[] arguments) throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(AuthBenchmark.class.getName())
                        .forks(2)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1))
                        .shouldFailOnError(true)
                        .build())
                .run();
        boolean met = results.size() == LIMITS.size();
        for (RunResult result : results) {
            String name = result.getPrimaryResult().getLabel();
            double micros = result.getPrimaryResult().getScore() / 1_000;
            double ratio = micros / LIMITS.get(name);
            met &= ratio <= 1;
            System.out.printf(
                    Locale.ROOT,
                    "auth %s: ratio = %.3f (target <= 1.00), %.2f us of %.0f us%n",
                    name,
                    ratio,
                    micros,
                    LIMITS.get(name));
        }
        System.exit(met ? 0 : 1);
    }
}
