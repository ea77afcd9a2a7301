package io.qicore.mcp.transport.http;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Decides from a request's line and headers alone whether its body is read.
 *
 * @param loopback the server listens on loopback, so that only pages and names of this machine may reach it
 * @param allowedOrigins further web origins that may
 * @param maxBodyBytes the largest body
 */
record Admission(boolean loopback, Set<String> allowedOrigins, int maxBodyBytes) {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    /**
     * Why a request is refused.
     *
     * @param status HTTP status
     * @param message for the client's developer
     */
    record Refusal(int status, String message) {}

    /** Null if the request is admitted. */
    @Nullable
    Refusal refuse(Request request) {
        HttpFields headers = request.getHeaders();
        String origin = headers.get(HttpHeader.ORIGIN);
        if (origin != null && !isAllowed(origin)) {
            return new Refusal(HttpStatus.FORBIDDEN_403, "Origin " + origin + " is not allowed.");
        }
        if (loopback && !LOOPBACK_NAMES.contains(Request.getServerName(request).toLowerCase(Locale.ROOT))) {
            return new Refusal(HttpStatus.FORBIDDEN_403, "Host is not a name of this machine.");
        }
        if (!HttpTransport.PATH.equals(Request.getPathInContext(request))) {
            return new Refusal(HttpStatus.NOT_FOUND_404, "The endpoint is " + HttpTransport.PATH + ".");
        }
        if (!HttpMethod.POST.is(request.getMethod())) {
            return new Refusal(HttpStatus.METHOD_NOT_ALLOWED_405, "Only POST is served.");
        }
        if (!"application/json"
                .equalsIgnoreCase(HttpField.getValueParameters(headers.get(HttpHeader.CONTENT_TYPE), null))) {
            return new Refusal(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "Content-Type must be application/json.");
        }
        if (request.getLength() > maxBodyBytes) {
            return tooLarge();
        }
        return null;
    }

    Refusal tooLarge() {
        return new Refusal(HttpStatus.PAYLOAD_TOO_LARGE_413, "A message may have " + maxBodyBytes + " bytes at most.");
    }

    private boolean isAllowed(String origin) {
        if (allowedOrigins.contains(origin)) {
            return true;
        }
        if (!loopback) {
            return false;
        }
        try {
            URI uri = URI.create(origin);
            return uri.getHost() != null
                    && LOOPBACK_NAMES.contains(uri.getHost().toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException notAnOrigin) {
            return false;
        }
    }
}
