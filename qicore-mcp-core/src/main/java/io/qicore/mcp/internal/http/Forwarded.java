package io.qicore.mcp.internal.http;

import io.qicore.mcp.internal.header.Addresses;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a trusted proxy says about a request that it has passed on. A proxy adds its value to those that a client may have sent,
 * so only the last one is believed, and none if the sender is not a trusted proxy.
 *
 * @param proxies the addresses of trusted proxies
 */
record Forwarded(Exchange request, Addresses proxies) {

    /** Returns the host, with a port if it has one, to which the client has addressed the request; null if that is not known. */
    @Nullable
    String host() {
        return last("X-Forwarded-Host");
    }

    /** Returns {@code http} or {@code https}, as the client has sent the request; null if that is not known. */
    @Nullable
    String scheme() {
        String scheme = last("X-Forwarded-Proto");
        return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme)
                ? scheme.toLowerCase(Locale.ROOT)
                : null;
    }

    /** Returns the address of the client: the last one that is not a trusted proxy; null if the connection has none. */
    @Nullable
    String clientAddress() {
        String client = request.remoteAddress();
        if (!proxies.contains(client)) {
            return client;
        }
        List<String> hops = values("X-Forwarded-For");
        for (int i = hops.size() - 1; i >= 0; i--) {
            String hop = address(hops.get(i));
            if (!Addresses.isAddress(hop)) {
                // What is in front of a text that is not an address cannot be believed.
                return client;
            }
            client = hop;
            if (!proxies.contains(hop)) {
                return client;
            }
        }
        return client;
    }

    /** Returns an address without the port that some proxies add. */
    private static String address(String hop) {
        if (hop.startsWith("[")) {
            return hop.substring(1, Math.max(1, hop.indexOf(']')));
        }
        int colon = hop.indexOf(':');
        return colon > 0 && hop.indexOf(':', colon + 1) < 0 ? hop.substring(0, colon) : hop;
    }

    private @Nullable String last(String header) {
        if (!proxies.contains(request.remoteAddress())) {
            return null;
        }
        List<String> values = values(header);
        return values.isEmpty() ? null : values.get(values.size() - 1);
    }

    private List<String> values(String header) {
        String value = request.header(header);
        return value == null ? List.of() : List.of(value.strip().split("\\s*,\\s*", -1));
    }
}
