package io.qicore.mcp.auth;

import io.qicore.mcp.internal.header.Addresses;
import io.qicore.mcp.internal.header.Origin;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may reach a server over HTTP: web origins, names of the server, proxies in front of it, and authentication. The same for
 * {@code HttpTransport} and {@code MCPServlet}.
 *
 * <pre>{@code
 * HttpAccess access = HttpAccess.builder()
 *         .publicUrl(URI.create("https://mcp.example.com/kafka/mcp"))
 *         .allowedOrigins(Set.of("https://console.example.com"))
 *         .trustedProxies(Set.of("10.0.0.7"))
 *         .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class HttpAccess {

    private static final HttpAccess DEFAULTS = builder().build();
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

    private final Set<String> allowedOrigins;
    private final Set<String> allowedHosts;
    private final @Nullable URI publicUrl;
    private final Set<String> trustedProxies;
    private final HttpAuthenticator authenticator;

    private HttpAccess(Builder builder) {
        this.allowedOrigins = builder.allowedOrigins;
        this.allowedHosts = builder.allowedHosts;
        this.publicUrl = builder.publicUrl;
        this.trustedProxies = builder.trustedProxies;
        this.authenticator = builder.authenticator;
    }

    /** Returns the defaults: pages and names of this machine on loopback, no proxy, no authentication. */
    public static HttpAccess defaults() {
        return DEFAULTS;
    }

    /** Returns a builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.allowedOrigins = allowedOrigins;
        builder.allowedHosts = allowedHosts;
        builder.publicUrl = publicUrl;
        builder.trustedProxies = trustedProxies;
        builder.authenticator = authenticator;
        return builder;
    }

    /** Returns the web origins whose pages may send requests, in addition to those of {@link #publicUrl()} and of this machine. */
    public Set<String> allowedOrigins() {
        return allowedOrigins;
    }

    /** Returns the host names, in lower case, that requests may be addressed to. */
    public Set<String> allowedHosts() {
        return allowedHosts;
    }

    /** Returns the URL of the endpoint as clients know it, if it is set. */
    public Optional<URI> publicUrl() {
        return Optional.ofNullable(publicUrl);
    }

    /** Returns the addresses of the proxies whose {@code X-Forwarded-*} headers are believed. */
    public Set<String> trustedProxies() {
        return trustedProxies;
    }

    /** Returns what finds out who has sent a request. */
    public HttpAuthenticator authenticator() {
        return authenticator;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HttpAccess access
                && allowedOrigins.equals(access.allowedOrigins)
                && allowedHosts.equals(access.allowedHosts)
                && Objects.equals(publicUrl, access.publicUrl)
                && trustedProxies.equals(access.trustedProxies)
                && authenticator.equals(access.authenticator);
    }

    @Override
    public int hashCode() {
        return Objects.hash(allowedOrigins, allowedHosts, publicUrl, trustedProxies, authenticator);
    }

    @Override
    public String toString() {
        return "HttpAccess[allowedOrigins=" + allowedOrigins + ", allowedHosts=" + allowedHosts + ", publicUrl="
                + publicUrl
                + ", trustedProxies=" + trustedProxies + ", authentication="
                + (authenticator == HttpAuthenticator.NONE ? "none" : "set") + "]";
    }

    /** Builds {@link HttpAccess}. Each setter validates at once. Not thread-safe. */
    public static final class Builder {

        private Set<String> allowedOrigins = Set.of();
        private Set<String> allowedHosts = Set.of();
        private @Nullable URI publicUrl;
        private Set<String> trustedProxies = Set.of();
        private HttpAuthenticator authenticator = HttpAuthenticator.NONE;

        private Builder() {}

        /**
         * Sets the web origins whose pages may send requests, such as {@code https://console.example.com}. Their requests are
         * answered with CORS headers. Pages of this machine may always send requests over loopback, and pages of the public
         * URL always may. Default: none.
         *
         * @throws IllegalArgumentException if one is not a scheme and a host with an optional port; {@code *} and {@code null}
         *     cannot be allowed, since they stand for pages of anybody
         */
        public Builder allowedOrigins(Set<String> origins) {
            for (String origin : origins) {
                if (Origin.parse(origin) == null) {
                    throw new IllegalArgumentException(
                            "'" + origin + "' is not a web origin: a scheme, a host and, if it is"
                                    + " not the default, a port, such as https://console.example.com.");
                }
            }
            this.allowedOrigins = Set.copyOf(origins);
            return this;
        }

        /**
         * Sets the host names that requests may be addressed to, such as {@code mcp.example.com}. This is needed for a server
         * on loopback behind a proxy that forwards the {@code Host} header. A server that listens on other addresses accepts
         * any host by default, and only these once they are set. Names of this machine and the host of the public URL are
         * always accepted. Default: none.
         *
         * @throws IllegalArgumentException if one is not a host name or an IP address without a port
         */
        public Builder allowedHosts(Set<String> hosts) {
            for (String host : hosts) {
                if (!HOST.matcher(host).matches()) {
                    throw new IllegalArgumentException("'" + host + "' is not a host name without a port, such as"
                            + " mcp.example.com; an IPv6 address needs brackets.");
                }
            }
            this.allowedHosts =
                    hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
            return this;
        }

        /**
         * Sets the URL of the endpoint as clients know it, if that differs from the address that the server listens on, such
         * as {@code https://mcp.example.com/kafka/mcp} behind a proxy. Default: none.
         *
         * @throws IllegalArgumentException if it is not an absolute http or https URL, or if it has a query, a fragment or
         *     user information
         */
        public Builder publicUrl(URI url) {
            boolean web = "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
            if (!web
                    || url.getHost() == null
                    || url.getRawUserInfo() != null
                    || url.getRawQuery() != null
                    || url.getRawFragment() != null) {
                throw new IllegalArgumentException(
                        "The public URL must be like https://mcp.example.com/mcp, without query and fragment.");
            }
            this.publicUrl = url;
            return this;
        }

        /**
         * Sets the IP addresses, or blocks such as {@code 10.0.0.0/8}, of the proxies whose headers {@code X-Forwarded-For},
         * {@code X-Forwarded-Proto} and {@code X-Forwarded-Host} are believed. These headers are ignored from anybody else.
         * Default: none.
         *
         * @throws IllegalArgumentException if one is not an IP address or block
         */
        public Builder trustedProxies(Set<String> addresses) {
            new Addresses(Objects.requireNonNull(addresses, "addresses"));
            this.trustedProxies = Set.copyOf(addresses);
            return this;
        }

        /** Sets what finds out who has sent a request. Default: {@link HttpAuthenticator#NONE}. */
        public Builder authenticator(HttpAuthenticator newAuthenticator) {
            this.authenticator = Objects.requireNonNull(newAuthenticator, "authenticator");
            return this;
        }

        /** Returns the values. */
        public HttpAccess build() {
            return new HttpAccess(this);
        }
    }
}
