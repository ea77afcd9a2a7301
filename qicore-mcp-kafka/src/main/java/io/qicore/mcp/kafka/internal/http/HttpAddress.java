package io.qicore.mcp.kafka.internal.http;

import java.net.URI;
import java.util.Locale;

/** Addresses of HTTP services. */
public final class HttpAddress {

    private HttpAddress() {}

    /** Returns whether a text is an {@code http} or {@code https} address without user, query and fragment. */
    public static boolean isPlain(String text) {
        try {
            URI uri = URI.create(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            return (scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
