package io.qicore.mcp.auth;

import java.net.URI;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Heads of requests for authenticators, without an HTTP server. */
public final class Heads {

    private Heads() {}

    public static RequestHead bearer(String token) {
        return with("Authorization", "Bearer " + token);
    }

    /** A head with one header, which may occur several times. */
    public static RequestHead with(String header, String... values) {
        return new RequestHead() {
            @Override
            public String method() {
                return "POST";
            }

            @Override
            public List<String> headers(String name) {
                return name.equalsIgnoreCase(header) ? List.of(values) : List.of();
            }

            @Override
            public URI url() {
                return URI.create("http://localhost/mcp");
            }

            @Override
            public Optional<String> clientAddress() {
                return Optional.empty();
            }

            @Override
            public Optional<Principal> userPrincipal() {
                return Optional.empty();
            }

            @Override
            public List<X509Certificate> clientCertificates() {
                return List.of();
            }

            @Override
            public <T> Optional<T> unwrap(Class<T> type) {
                return Optional.empty();
            }
        };
    }
}
