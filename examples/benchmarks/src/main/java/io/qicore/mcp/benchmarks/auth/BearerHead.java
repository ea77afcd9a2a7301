package io.qicore.mcp.benchmarks.auth;

import io.qicore.mcp.auth.RequestHead;
import java.net.URI;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** The head of a request with credentials. */
record BearerHead(List<String> authorization) implements RequestHead {

    BearerHead(String credentials) {
        this(List.of("Bearer " + credentials));
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public List<String> headers(String name) {
        return name.equalsIgnoreCase("Authorization") ? authorization : List.of();
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
}
