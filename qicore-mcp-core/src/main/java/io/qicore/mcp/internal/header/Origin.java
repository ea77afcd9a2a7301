package io.qicore.mcp.internal.header;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a web page. Two origins are the same if scheme, host and port are.
 *
 * @param scheme in lower case
 * @param host in lower case; an IPv6 address in brackets
 * @param port the port, also if it is the default of the scheme; -1 if there is neither
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6454">RFC 6454, The Web Origin Concept</a>
 */
public record Origin(String scheme, String host, int port) {

    /** The names of this machine on loopback, as they are in URLs. */
    public static final Set<String> LOOPBACK_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final int MAX_LENGTH = 300;
    private static final int MAX_PORT = 65535;
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");

    /** Parses an origin; returns null if the text is not one, such as {@code null}, several origins or a URL with a path. */
    public static @Nullable Origin parse(String text) {
        Matcher matcher = text.length() > MAX_LENGTH ? null : FORM.matcher(text);
        if (matcher == null || !matcher.matches()) {
            return null;
        }
        String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
        int port = matcher.group(3) == null ? defaultPort(scheme) : Integer.parseInt(matcher.group(3));
        return port > MAX_PORT ? null : new Origin(scheme, matcher.group(2).toLowerCase(Locale.ROOT), port);
    }

    /** Returns the origin of the pages at a URL. */
    public static Origin of(URI url) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        return new Origin(
                scheme,
                url.getHost().toLowerCase(Locale.ROOT),
                url.getPort() < 0 ? defaultPort(scheme) : url.getPort());
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> -1;
        };
    }

    /** Returns whether pages of this origin come from a web server on this machine. */
    public boolean isLoopback() {
        return (scheme.equals("http") || scheme.equals("https")) && LOOPBACK_HOSTS.contains(host);
    }
}
