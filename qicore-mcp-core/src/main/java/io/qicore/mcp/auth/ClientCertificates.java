package io.qicore.mcp.auth;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates clients by the certificates of their TLS connections, which the HTTP server has verified: the bundled server with
 * {@code HttpTls.withClientCertificates}, or a servlet container. The {@link Caller} has the subject and the issuer of the certificate in
 * the form of RFC 2253, such as {@code CN=dashboard,O=Example}, and expires with it.
 *
 * <pre>{@code
 * HttpAuthenticator machines = ClientCertificates.withScopes(Set.of("read")).orElse(ApiKeys.fromFile(keys));
 * }</pre>
 *
 * <p>A proxy that ends TLS passes no certificate on; headers in which it may tell of one are not believed. Thread-safe.
 */
public final class ClientCertificates implements HttpAuthenticator {

    /** The attribute of a caller with its {@link X509Certificate}. */
    public static final String CERTIFICATE = "certificate";

    private final Function<X509Certificate, Set<String>> scopes;
    private final @Nullable HttpAuthenticator others;

    private ClientCertificates(Function<X509Certificate, Set<String>> scopes, @Nullable HttpAuthenticator others) {
        this.scopes = scopes;
        this.others = others;
    }

    /** Returns an authenticator that gives every client with a certificate the same scopes. */
    public static ClientCertificates withScopes(Set<String> scopes) {
        Set<String> copy = Set.copyOf(Objects.requireNonNull(scopes, "scopes"));
        return new ClientCertificates(certificate -> copy, null);
    }

    /**
     * Returns an authenticator that gives each client the scopes that a function finds for its certificate. If the function throws an
     * exception, the request is refused.
     */
    public static ClientCertificates of(Function<X509Certificate, Set<String>> scopes) {
        return new ClientCertificates(Objects.requireNonNull(scopes, "scopes"), null);
    }

    /** Returns an authenticator that asks another one about clients without a certificate. */
    public ClientCertificates orElse(HttpAuthenticator other) {
        return new ClientCertificates(scopes, Objects.requireNonNull(other, "other"));
    }

    @Override
    public CompletionStage<? extends Authentication> authenticate(RequestHead request) {
        List<X509Certificate> chain = request.clientCertificates();
        if (chain.isEmpty()) {
            return others == null
                    ? CompletableFuture.completedFuture(
                            Denial.forbidden("A client certificate is needed. Connect with one."))
                    : others.authenticate(request);
        }
        return CompletableFuture.completedFuture(caller(chain.get(0)));
    }

    private Authentication caller(X509Certificate certificate) {
        Caller named;
        try {
            named = Caller.of(certificate.getSubjectX500Principal().getName())
                    .withIssuer(certificate.getIssuerX500Principal().getName());
        } catch (IllegalArgumentException e) {
            return Denial.forbidden("The client certificate has no subject that can be used.");
        }
        return named.withScopes(scopes.apply(certificate))
                .withAttributes(Map.of(CERTIFICATE, certificate))
                .withExpiry(certificate.getNotAfter().toInstant());
    }

    /** Asks the other authenticator about its callers. Those with a certificate are accepted until it expires. */
    @Override
    public boolean stillAccepts(Caller caller) {
        Objects.requireNonNull(caller, "caller");
        return others == null
                || caller.attributes().get(CERTIFICATE) instanceof X509Certificate
                || others.stillAccepts(caller);
    }
}
