package io.qicore.mcp.auth.oauth;

import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.auth.RequestHead;
import io.qicore.mcp.internal.auth.Credentials;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.header.HeaderText;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates clients by OAuth 2.1 access tokens, as the authorization of MCP describes it. A token must be a JWT of one
 * issuer, for this server (its {@code aud}), not expired, and signed by a key that the issuer publishes. The {@link Caller} has
 * the issuer, the subject, the scopes, and all claims as attributes.
 *
 * <pre>{@code
 * HttpAccess access = HttpAccess.builder()
 *         .publicUrl(URI.create("https://mcp.example.com/mcp"))
 *         .authenticator(OAuthResourceServer.builder(
 *                         URI.create("https://login.example.com/realms/ops"), URI.create("https://mcp.example.com/mcp"))
 *                 .build())
 *         .build();
 * }</pre>
 *
 * <p>The keys are fetched with the first token, again after five minutes, and, at most once a minute, when a token names a key that is
 * not known. While the issuer is down, the last keys are used for up to four hours. A token that was accepted is not verified again for
 * a minute, except that it expires in time. The transport serves the metadata by which
 * clients find the issuer (RFC 9728). Needs the library {@code com.nimbusds:nimbus-jose-jwt}. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization">MCP 2026-07-28, Authorization</a>
 */
public final class OAuthResourceServer implements HttpAuthenticator {

    /** Default of {@link Builder#algorithms}. All are asymmetric, so that nobody can sign with a public key. */
    public static final Set<String> DEFAULT_ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    private final AccessTokens tokens;
    private final Map<String, Object> metadata;
    private final String challengedScope;

    private OAuthResourceServer(Builder builder) {
        this.tokens = builder.tokens();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("resource", builder.resource.toString());
        document.put("authorization_servers", List.of(builder.issuer.toString()));
        document.put("scopes_supported", List.copyOf(builder.scopes));
        document.put("bearer_methods_supported", List.of("header"));
        if (builder.resourceName != null) {
            document.put("resource_name", builder.resourceName);
        }
        this.metadata = java.util.Collections.unmodifiableMap(document);
        this.challengedScope = builder.scopes.isEmpty() ? "" : ", scope=\"" + String.join(" ", builder.scopes) + "\"";
    }

    /**
     * Returns a builder.
     *
     * @param issuer the authorization server, exactly as its tokens name it in {@code iss}
     * @param resource the URL of the endpoint as clients know it, which tokens must have in {@code aud}
     * @throws IllegalArgumentException if the resource is not an absolute URL without a fragment
     */
    public static Builder builder(URI issuer, URI resource) {
        return new Builder(issuer, resource);
    }

    @Override
    public CompletionStage<Authentication> authenticate(RequestHead request) {
        return CompletableFuture.completedFuture(decide(request));
    }

    private Authentication decide(RequestHead request) {
        String token = Credentials.single(request, false);
        if (token == null) {
            return Credentials.present(request)
                    ? invalid("Send one access token, as Authorization: Bearer TOKEN.")
                    : Denial.unauthenticated("An access token is needed.", "Bearer realm=\"mcp\"" + challengedScope);
        }
        AccessTokens.Verdict verdict = tokens.verify(token);
        if (verdict.caller() != null) {
            return verdict.caller();
        }
        return verdict.fault() == AccessTokens.Fault.NO_KEYS
                ? Denial.busy("The keys of the authorization server cannot be fetched.", Duration.ofSeconds(5))
                : invalid("The access token is not valid for this server, or it has expired.");
    }

    private Denial invalid(String message) {
        return Denial.unauthenticated(message, "Bearer realm=\"mcp\", error=\"invalid_token\"" + challengedScope);
    }

    @Override
    public Optional<Map<String, Object>> resourceMetadata() {
        return Optional.of(metadata);
    }

    /** Builds an {@link OAuthResourceServer}. Each setter validates at once. Not thread-safe. */
    public static final class Builder {

        private final URI issuer;
        private final URI resource;
        private Set<String> audiences = Set.of();
        private Set<String> algorithms = DEFAULT_ALGORITHMS;
        private Set<String> scopes = new TreeSet<>(Set.of("read"));
        private Map<String, String> limitClaims = Map.of();
        private Duration clockSkew = Duration.ofSeconds(30);
        private Duration keysInterval = Duration.ofMinutes(1);
        private @Nullable URI jwksUrl;
        private @Nullable String resourceName;

        private Builder(URI issuer, URI resource) {
            this.issuer = Objects.requireNonNull(issuer, "issuer");
            this.resource = Objects.requireNonNull(resource, "resource");
            if (resource.getHost() == null || resource.getRawFragment() != null) {
                throw new IllegalArgumentException(
                        "resource must be a URL such as https://mcp.example.com/mcp, not " + resource + ".");
            }
        }

        /** Accepts tokens for other audiences, too, such as an identifier that the issuer uses instead of the URL. Default: none. */
        public Builder audiences(Set<String> newAudiences) {
            this.audiences = Set.copyOf(Objects.requireNonNull(newAudiences, "audiences"));
            return this;
        }

        /**
         * Sets the signature algorithms of tokens. Default: {@link #DEFAULT_ALGORITHMS}.
         *
         * @throws IllegalArgumentException if one is not of them
         */
        public Builder algorithms(Set<String> newAlgorithms) {
            if (Objects.requireNonNull(newAlgorithms, "algorithms").isEmpty()
                    || !DEFAULT_ALGORITHMS.containsAll(newAlgorithms)) {
                throw new IllegalArgumentException(
                        "algorithms must be some of " + new TreeSet<>(DEFAULT_ALGORITHMS) + ".");
            }
            this.algorithms = Set.copyOf(newAlgorithms);
            return this;
        }

        /**
         * Sets the scopes that a client should ask for at first, which the metadata names. Default: {@code read}.
         *
         * @throws IllegalArgumentException if one is not visible ASCII without quotes
         */
        public Builder scopes(Set<String> newScopes) {
            for (String scope : Objects.requireNonNull(newScopes, "scopes")) {
                if (scope.isBlank() || !HeaderText.isPlain(scope) || scope.matches(".*[ \"\\\\].*")) {
                    throw new IllegalArgumentException(
                            "scopes must be visible ASCII without blanks, quotes and backslashes.");
                }
            }
            this.scopes = new TreeSet<>(newScopes);
            return this;
        }

        /**
         * Sets the claims that limit what a caller may use, by the kind of limit, such as {@code {"topics": "mcp_topics"}}. A claim
         * has names and patterns, as a list or as a text with blanks between them. A token without the claim, or with one of another
         * form, allows nothing of this kind; {@code *} allows everything. Default: none, so that nothing is limited.
         *
         * @see Caller#limits()
         */
        public Builder limitClaims(Map<String, String> claims) {
            this.limitClaims = Map.copyOf(Objects.requireNonNull(claims, "limitClaims"));
            return this;
        }

        /**
         * Sets how much the clocks of the issuer and this machine may differ. Default: 30 seconds.
         *
         * @throws IllegalArgumentException if it is not positive or longer than 24 hours
         */
        public Builder clockSkew(Duration skew) {
            this.clockSkew = Timeouts.checked("clockSkew", skew);
            return this;
        }

        /**
         * Sets the shortest time between two requests for keys. A key that the issuer has just begun to use is accepted after this
         * time at the latest. Until the first keys are there, they are asked for every five seconds. Default: one minute.
         *
         * @throws IllegalArgumentException if it is not positive or longer than 24 hours
         */
        public Builder keysInterval(Duration interval) {
            this.keysInterval = Timeouts.checked("keysInterval", interval);
            return this;
        }

        /** Sets the URL of the keys (JWK set). Default: as the metadata of the issuer says (RFC 8414, OpenID Connect Discovery). */
        public Builder jwksUrl(URI url) {
            this.jwksUrl = Objects.requireNonNull(url, "jwksUrl");
            return this;
        }

        /** Sets the name of the server in the metadata, for people. Default: none. */
        public Builder resourceName(String name) {
            this.resourceName = Objects.requireNonNull(name, "resourceName");
            return this;
        }

        private AccessTokens tokens() {
            Set<String> accepted = new TreeSet<>(audiences);
            accepted.add(resource.toString());
            try {
                return new AccessTokens(issuer, accepted, algorithms, jwksUrl, keysInterval, clockSkew, limitClaims);
            } catch (NoClassDefFoundError e) {
                throw new IllegalStateException(
                        "OAuth needs a library: add com.nimbusds:nimbus-jose-jwt to the dependencies.", e);
            }
        }

        /**
         * Returns the authenticator. Nothing is fetched yet.
         *
         * @throws IllegalArgumentException if the issuer or the URL of the keys is neither an https URL nor an http URL of this
         *     machine
         * @throws IllegalStateException if the library is missing
         */
        public OAuthResourceServer build() {
            return new OAuthResourceServer(this);
        }
    }
}
