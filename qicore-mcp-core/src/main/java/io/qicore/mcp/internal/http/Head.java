package io.qicore.mcp.internal.http;

import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.auth.RequestHead;
import io.qicore.mcp.internal.header.Addresses;
import io.qicore.mcp.internal.header.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The head of a request for an authenticator. */
record Head(Exchange request, HttpAccess access, Addresses proxies) implements RequestHead {

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public List<String> headers(String name) {
        return request.headers(name);
    }

    @Override
    public URI url() {
        return access.publicUrl().orElseGet(this::addressed);
    }

    private URI addressed() {
        Forwarded forwarded = new Forwarded(request, proxies);
        URI url = request.url();
        String scheme = Objects.requireNonNullElse(forwarded.scheme(), url.getScheme());
        String host = forwarded.host();
        String authority = host != null && Origin.parse("http://" + host) != null ? host : url.getRawAuthority();
        try {
            return new URI(scheme, authority, url.getPath(), null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The request is not addressed to a valid host.", e);
        }
    }

    @Override
    public Optional<String> clientAddress() {
        return Optional.ofNullable(new Forwarded(request, proxies).clientAddress());
    }

    @Override
    public Optional<Principal> userPrincipal() {
        return Optional.ofNullable(request.userPrincipal());
    }

    @Override
    public List<X509Certificate> clientCertificates() {
        return request.clientCertificates();
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        @Nullable Object original = request.unwrap();
        return type.isInstance(original) ? Optional.of(type.cast(original)) : Optional.empty();
    }

    /** Shows nothing of the headers, which may have credentials. */
    @Override
    public String toString() {
        return "RequestHead[" + method() + "]";
    }
}
