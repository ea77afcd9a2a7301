package io.qicore.mcp.internal.http;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the method and the headers of a request whether its body is read. Immutable.
 *
 * @param allowedOrigins web origins whose pages may send requests, in addition to those of this machine on loopback
 * @param allowedHosts host names that requests on loopback may be addressed to, in addition to those of this machine
 * @param maxBodyBytes maximum size of a body, in bytes
 */
public record Admission(Set<String> allowedOrigins, Set<String> allowedHosts, int maxBodyBytes) {

    private static final int MAX_ORIGIN_LENGTH = 260;

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    /** Copies the sets and converts the host names to lower case. */
    public Admission {
        allowedOrigins = Set.copyOf(allowedOrigins);
        allowedHosts = allowedHosts.stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns why the sender of a request is refused, whatever the method; null if the sender is accepted. */
    public @Nullable Refusal refuseSender(Exchange request) {
        String origin = request.header("Origin");
        if (origin != null && !isAllowed(origin, request.onLoopback())) {
            return new Refusal(403, "Origin " + shortened(origin) + " is not allowed.");
        }
        if (request.onLoopback() && !isKnown(request.host())) {
            return new Refusal(403, "Host is not a name of this machine.");
        }
        return null;
    }

    /** Returns an origin for a message. A client may send any text, also one that is far longer than a host name. */
    private static String shortened(String origin) {
        return origin.length() <= MAX_ORIGIN_LENGTH ? origin : origin.substring(0, MAX_ORIGIN_LENGTH) + "…";
    }

    /** Returns why a request is not accepted as a message; null if it is accepted. */
    @Nullable
    Refusal refuseMessage(Exchange request) {
        Refusal refusal = refuseSender(request);
        if (refusal == null) {
            refusal = refuseMethod(request, "POST");
        }
        if (refusal != null) {
            return refusal;
        }
        if (!isJson(request.header("Content-Type"))) {
            return new Refusal(415, "Content-Type must be application/json.");
        }
        return request.length() > maxBodyBytes ? tooLarge() : null;
    }

    /** Returns the refusal of a request with a method other than the given one; null if it has that method. */
    static @Nullable Refusal refuseMethod(Exchange request, String method) {
        return method.equals(request.method()) ? null : new Refusal(405, "Only " + method + " is served.", method);
    }

    /** Returns the refusal of a body that is too large. */
    Refusal tooLarge() {
        return new Refusal(413, "A message may have " + maxBodyBytes + " bytes at most.");
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return "application/json".equalsIgnoreCase(type.strip());
    }

    private boolean isKnown(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return LOOPBACK_NAMES.contains(name) || allowedHosts.contains(name);
    }

    private boolean isAllowed(String origin, boolean onLoopback) {
        if (allowedOrigins.contains(origin)) {
            return true;
        }
        if (!onLoopback) {
            return false;
        }
        try {
            String host = URI.create(origin).getHost();
            return host != null && LOOPBACK_NAMES.contains(host.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException notAnOrigin) {
            return false;
        }
    }
}
