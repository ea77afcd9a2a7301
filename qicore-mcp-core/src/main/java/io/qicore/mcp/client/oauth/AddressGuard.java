package io.qicore.mcp.client.oauth;

import io.qicore.mcp.client.error.MCPAuthorizationException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides to which addresses a server may send this client. A server on the internet must not make the client send requests into
 * the network that the client is in, or to the client's own machine.
 *
 * <p>The HTTP client resolves a name again when it connects. It then gets the same addresses, because the JVM keeps them for a while.
 *
 * @see <a href="https://modelcontextprotocol.io/docs/tutorials/security/security_best_practices">MCP, Security best practices,
 *     Server-side request forgery</a>
 */
final class AddressGuard {

    /** Where an address can be reached from, the widest first. A server may name addresses of its own range and of wider ones. */
    enum Range {
        PUBLIC,
        PRIVATE,
        LOOPBACK,
        /** Addresses of one link, such as the metadata service of a cloud. */
        LINK
    }

    /** Finds the addresses of a host. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final Set<String> trusted;
    private final URI server;

    /**
     * @param server the MCP server, whose address the application has chosen
     * @param trusted further hosts that the application has chosen, in lower case
     */
    AddressGuard(URI server, Set<String> trusted, Resolver resolver) {
        this.server = server;
        this.trusted = Set.copyOf(trusted);
        this.resolver = resolver;
    }

    /**
     * Returns an address that a server has named, after checking it.
     *
     * @param what what the address is, for the error
     * @throws MCPAuthorizationException if it is neither https nor http on this machine, or the server must not name it
     */
    URI checked(String what, @Nullable String text) {
        URI uri;
        try {
            uri = text == null ? null : URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw new MCPAuthorizationException("The " + what + " is not a valid address.", malformed);
        }
        String host = uri == null ? null : uri.getHost();
        if (uri == null || host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new MCPAuthorizationException("The " + what + " is missing or not a valid address.", null);
        }
        if (host.equalsIgnoreCase(server.getHost()) || trusted.contains(host.toLowerCase(Locale.ROOT))) {
            requireSafeScheme(what, uri, host);
            return uri;
        }
        requireSafeScheme(what, uri, host);
        Range allowed = range(server.getHost());
        Range named = range(host);
        boolean isAllowed = named == Range.LINK ? allowed == Range.LINK : named.compareTo(allowed) <= 0;
        if (!isAllowed) {
            throw new MCPAuthorizationException(
                    "The " + what + " is in a private network or on this machine, and " + server.getHost()
                            + " is not: the request is refused.",
                    null);
        }
        return uri;
    }

    private void requireSafeScheme(String what, URI uri, String host) {
        boolean isSafe = "https".equalsIgnoreCase(uri.getScheme())
                || ("http".equalsIgnoreCase(uri.getScheme()) && range(host) == Range.LOOPBACK);
        if (!isSafe) {
            throw new MCPAuthorizationException("The " + what + " is neither https nor on this machine.", null);
        }
    }

    /** Returns the narrowest range of the addresses of a host. */
    private Range range(String host) {
        InetAddress[] addresses;
        try {
            addresses = resolver.resolve(host);
        } catch (UnknownHostException unknown) {
            // It cannot be reached, except through a proxy of the application, which has its own rules.
            return Range.PUBLIC;
        }
        Range narrowest = Range.PUBLIC;
        for (InetAddress address : addresses) {
            Range range = range(address);
            narrowest = range.compareTo(narrowest) > 0 ? range : narrowest;
        }
        return narrowest;
    }

    static Range range(InetAddress address) {
        InetAddress inner = embedded(address);
        if (inner.isLoopbackAddress()) {
            return Range.LOOPBACK;
        }
        if (inner.isLinkLocalAddress() || inner.isMulticastAddress()) {
            return Range.LINK;
        }
        if (inner.isAnyLocalAddress()) {
            return Range.LOOPBACK;
        }
        return inner.isSiteLocalAddress() || isPrivate(inner.getAddress()) ? Range.PRIVATE : Range.PUBLIC;
    }

    /** Returns the IPv4 address that an address of IPv6 stands for, or the address itself. */
    private static InetAddress embedded(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        // 64:ff9b::/96 (NAT64), ::/96 (IPv4-compatible, but not :: and ::1), 2002::/16 (6to4)
        if (startsWith(bytes, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)
                || (startsWith(bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) && bytes[12] != 0)) {
            return v4(bytes, 12);
        }
        return startsWith(bytes, 0x20, 0x02) ? v4(bytes, 2) : address;
    }

    private static InetAddress v4(byte[] bytes, int from) {
        try {
            return Inet4Address.getByAddress(
                    new byte[] {bytes[from], bytes[from + 1], bytes[from + 2], bytes[from + 3]});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are an address.", e);
        }
    }

    /** Returns whether an address is reserved for networks that are not the internet, besides those that the JDK knows. */
    private static boolean isPrivate(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (bytes.length == 16) {
            // fc00::/7, unique local
            return (first & 0xfe) == 0xfc;
        }
        return first == 0
                // Carriers
                || (first == 100 && (second & 0xc0) == 64)
                // Protocol assignments, documentation and benchmarks
                || (first == 192 && second == 0 && (bytes[2] == 0 || bytes[2] == 2))
                || (first == 198 && (second & 0xfe) == 18)
                // Reserved, broadcast
                || first >= 240;
    }

    private static boolean startsWith(byte[] bytes, int... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if ((bytes[i] & 0xff) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
