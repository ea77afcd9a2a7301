package io.qicore.mcp.client.oauth;

import com.nimbusds.jose.JWSAlgorithm;
import io.qicore.mcp.client.endpoint.HttpAuthorization;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.internal.client.channel.Serial;
import io.qicore.mcp.internal.concurrent.Threads;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * OAuth 2.1 as MCP requires it: finds the authorization server of the MCP server, gets tokens for this server and no other, refreshes
 * them, and asks for more scopes when a request needs them. Needs {@code com.nimbusds:oauth2-oidc-sdk} on the class path.
 *
 * <pre>{@code
 * HttpEndpoint.of(uri).withAuthorization(OAuth.forPerson(prompt, URI.create("http://127.0.0.1:7777/callback")).build())
 * }</pre>
 *
 * <p>Thread-safe. One object can serve several clients, also of different servers.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization">MCP 2026-07-28, Authorization</a>
 */
public final class OAuth implements HttpAuthorization {

    /** How often one request may lead to new tokens. */
    private static final int MAX_REFUSALS = 2;

    private static final int UNAUTHORIZED = 401;

    private final Flow flow;
    private final OAuthStore store;
    private final @Nullable HttpClient httpClient;
    private final StepUps stepUps;
    /** One at a time, so that a person is asked once when several calls are refused. */
    private final Executor order;

    private OAuth(Flow flow, OAuthStore store) {
        this(flow, store, null, new StepUps(), new Serial(Threads.few("mcp-oauth", 1)));
    }

    private OAuth(Flow flow, OAuthStore store, @Nullable HttpClient httpClient, StepUps stepUps, Executor order) {
        this.flow = flow;
        this.store = store;
        this.httpClient = httpClient;
        this.stepUps = stepUps;
        this.order = order;
    }

    /**
     * Returns a builder for programs with a person, who signs in with a browser.
     *
     * @param prompt lets the person sign in
     * @param redirect where the authorization server sends the browser afterwards, such as an address of this machine
     */
    public static Builder forPerson(AuthorizationPrompt prompt, URI redirect) {
        return new Builder(Objects.requireNonNull(prompt, "prompt"), Objects.requireNonNull(redirect, "redirect"));
    }

    /** Returns OAuth for programs without a person, which have a secret. Name the issuer, so that no other server gets the secret. */
    public static OAuth forMachine(OAuthClientId client) {
        return new OAuth(
                new MachineFlow(Objects.requireNonNull(client, "client"), null, null), new InMemoryOAuthStore());
    }

    /**
     * Returns OAuth for programs without a person, which sign an assertion.
     *
     * @param key the private key: of an elliptic curve, or RSA
     * @param algorithm the algorithm, such as {@code ES256}
     */
    public static OAuth forMachine(OAuthClientId client, PrivateKey key, String algorithm) {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(algorithm, "algorithm");
        return new OAuth(new MachineFlow(client, key, JWSAlgorithm.parse(algorithm)), new InMemoryOAuthStore());
    }

    /**
     * Returns a copy that reaches authorization servers with the application's own HTTP client, for example with a proxy or its own
     * certificate authorities. Both share their tokens. Default: one that is used for nothing else.
     *
     * @throws IllegalArgumentException if the client follows redirects
     */
    public OAuth withHttpClient(HttpClient own) {
        Objects.requireNonNull(own, "own");
        if (own.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("The HTTP client must not follow redirects.");
        }
        return new OAuth(flow, store, own, stepUps, order);
    }

    @Override
    public CompletionStage<Optional<String>> credentials(URI server) {
        Optional<Tokens> tokens = tokens(Objects.requireNonNull(server, "server"));
        if (tokens.isEmpty()
                || !tokens.get().isExpired(Instant.now())
                || tokens.get().refreshToken() == null) {
            return CompletableFuture.completedFuture(tokens.map(Tokens::bearer));
        }
        return supply(() -> {
            Optional<Tokens> current = tokens(server);
            if (current.isPresent() && current.get().isExpired(Instant.now())) {
                try (OAuthHttp http = http(server)) {
                    refresh(http, server, current.get());
                }
            }
            return tokens(server).map(Tokens::bearer);
        });
    }

    @Override
    public CompletionStage<Boolean> refused(URI server, Refusal refusal) {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(refusal, "refusal");
        Challenge challenge = Challenge.bearer(refusal.answer().challenge());
        boolean mayHelp =
                refusal.answer().status() == UNAUTHORIZED || "insufficient_scope".equals(challenge.get("error"));
        if (refusal.count() > MAX_REFUSALS || !mayHelp) {
            return CompletableFuture.completedFuture(false);
        }
        return supply(() -> authorize(server, refusal, challenge));
    }

    private OAuthHttp http(URI server) {
        return new OAuthHttp(server, flow.trustedHosts(), httpClient);
    }

    private <T> CompletableFuture<T> supply(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, order);
    }

    private boolean authorize(URI server, Refusal refusal, Challenge challenge) {
        Optional<Tokens> current = tokens(server);
        if (current.isPresent() && !current.map(Tokens::bearer).equals(refusal.credentials())) {
            // Another call has got them in the meantime.
            return true;
        }
        boolean isStepUp = refusal.answer().status() != UNAUTHORIZED;
        Set<String> wanted = scopes(challenge.get("scope"));
        if (isStepUp && current.isPresent() && stepUps.isDone(server, refusal.operation(), wanted)) {
            // The person has agreed to this already, and the server still refuses.
            return false;
        }
        try (OAuthHttp http = http(server)) {
            Discovery found = Discovery.of(http, server, challenge);
            Optional<Tokens> same = current.filter(tokens -> tokens.issuer().equals(found.issuer()));
            if (!isStepUp && same.isPresent() && refresh(http, server, same.get())) {
                return true;
            }
            store.put(key(server), Registration.Stored.write(flow.obtain(http, found, scopes(found, wanted, same))));
            if (isStepUp) {
                stepUps.done(server, refusal.operation(), wanted);
            } else {
                stepUps.forget(server);
            }
            return true;
        } catch (MCPClientException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MCPAuthorizationException("Interrupted while getting credentials.", e);
        } catch (Exception e) {
            throw new MCPAuthorizationException("Nobody has signed in.", e);
        }
    }

    private static Set<String> scopes(@Nullable String text) {
        return text == null || text.isBlank()
                ? Set.of()
                : new LinkedHashSet<>(List.of(text.trim().split(" +")));
    }

    /** Returns the scopes that the server wants now, and those that were asked for before. */
    private Set<String> scopes(Discovery found, Set<String> wanted, Optional<Tokens> before) {
        Set<String> scopes = new LinkedHashSet<>();
        before.ifPresent(tokens -> scopes.addAll(tokens.scopes()));
        scopes.addAll(wanted.isEmpty() ? found.scopes() : wanted);
        if (!scopes.isEmpty()) {
            scopes.addAll(flow.moreScopes(found));
        }
        return scopes;
    }

    /**
     * Returns whether tokens could be refreshed. Those that the authorization server does not refresh are forgotten.
     *
     * @throws MCPAuthorizationException if it does not answer
     */
    private boolean refresh(OAuthHttp http, URI server, Tokens tokens) {
        String refreshToken = tokens.refreshToken();
        if (refreshToken == null) {
            return false;
        }
        Optional<Tokens> fresh = TokenEndpoint.refresh(http, tokens, refreshToken);
        if (fresh.isPresent()) {
            store.put(key(server), Registration.Stored.write(fresh.get()));
        } else {
            store.remove(key(server));
        }
        return fresh.isPresent();
    }

    private Optional<Tokens> tokens(URI server) {
        return store.get(key(server)).map(text -> Registration.Stored.read(text, Tokens.class));
    }

    private static String key(URI server) {
        return "tokens " + server;
    }

    @Override
    public String toString() {
        return "OAuth[" + flow.getClass().getSimpleName() + "]";
    }

    /** Builds OAuth for programs with a person. Not thread-safe. */
    public static final class Builder {

        private final AuthorizationPrompt prompt;
        private final URI redirect;
        private @Nullable OAuthClientId client;
        private @Nullable URI document;
        private String name = "QiCore MCP";
        private OAuthStore store = new InMemoryOAuthStore();

        private Builder(AuthorizationPrompt prompt, URI redirect) {
            this.prompt = prompt;
            this.redirect = redirect;
        }

        /** Sets the client that was registered at the authorization server before. Default: none. */
        public Builder client(OAuthClientId registered) {
            this.client = Objects.requireNonNull(registered, "registered");
            return this;
        }

        /**
         * Sets the address of the document that describes the client, which is its id at authorization servers that support this.
         * Default: none.
         *
         * @throws IllegalArgumentException if it is not an https address with a path
         */
        public Builder clientMetadata(URI address) {
            Objects.requireNonNull(address, "address");
            if (!"https".equals(address.getScheme())
                    || address.getRawPath() == null
                    || address.getRawPath().length() < 2) {
                throw new IllegalArgumentException(
                        "address must be an https address with a path, not " + address + ".");
            }
            this.document = address;
            return this;
        }

        /** Sets the name by which the client registers itself where it is not known. Default: QiCore MCP. */
        public Builder clientName(String shown) {
            this.name = Objects.requireNonNull(shown, "shown");
            return this;
        }

        /** Sets what keeps tokens and registrations. Default: memory. */
        public Builder store(OAuthStore tokens) {
            this.store = Objects.requireNonNull(tokens, "tokens");
            return this;
        }

        /** Returns OAuth with these settings. */
        public OAuth build() {
            return new OAuth(new PersonFlow(prompt, redirect, new Registration(client, document, name, store)), store);
        }
    }
}
