package io.qicore.mcp.auth;

import java.net.URI;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * An HTTP request before its body is read, as an {@link HttpAuthenticator} sees it. Valid only until the authenticator has
 * decided. Thread-safe for reading.
 */
public interface RequestHead {

    /** Returns the method, in upper case. */
    String method();

    /**
     * Returns the values of a header by its case-insensitive name, in the order in which they were sent; empty if it is
     * missing. An authenticator should refuse a request that repeats the header with its credentials.
     */
    List<String> headers(String name);

    /**
     * Returns the URL of the endpoint as the client addresses it: {@link HttpAccess#publicUrl()} if that is set, otherwise the
     * URL by the request's {@code Host}. {@code X-Forwarded-Proto} and {@code X-Forwarded-Host} count only if one of
     * {@link HttpAccess#trustedProxies()} has sent the request.
     */
    URI url();

    /**
     * Returns the IP address of the client: the sender of the connection, or, if that is one of
     * {@link HttpAccess#trustedProxies()}, the last address in {@code X-Forwarded-For} that is not. Empty if the connection has
     * no address, as over a Unix domain socket.
     */
    Optional<String> clientAddress();

    /** Returns the principal that a servlet container or a filter has authenticated; empty on the bundled server. */
    Optional<Principal> userPrincipal();

    /**
     * Returns the certificates of the client's TLS connection, its own first, which the HTTP server has verified; empty if it has
     * none.
     */
    List<X509Certificate> clientCertificates();

    /**
     * Returns the request of the HTTP server, for what this interface does not have: an {@code HttpServletRequest} in a servlet
     * container, a Jetty {@code Request} on the bundled server.
     *
     * @return empty if the request is of another type
     */
    <T> Optional<T> unwrap(Class<T> type);
}
