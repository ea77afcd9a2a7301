package io.qicore.mcp.auth;

import java.net.URI;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The head of a request with given headers. */
public record TestHead(Map<String, String> values) implements RequestHead {

    public static TestHead of(Map<String, String> headers) {
        Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        values.putAll(headers);
        return new TestHead(values);
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public List<String> headers(String name) {
        return Optional.ofNullable(values.get(name)).stream().toList();
    }

    @Override
    public URI url() {
        return URI.create("http://127.0.0.1/mcp");
    }

    @Override
    public Optional<String> clientAddress() {
        return Optional.of("127.0.0.1");
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
