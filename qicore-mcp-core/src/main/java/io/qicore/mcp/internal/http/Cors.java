package io.qicore.mcp.internal.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets the pages of allowed origins read the answers of the server.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch, CORS protocol</a>
 */
final class Cors {

    /** The headers that clients of any revision send. Browsers do not take a prefix for Mcp-Param-*. */
    private static final List<String> REQUEST_HEADERS = List.of(
            "Accept",
            "Authorization",
            "Content-Type",
            "Last-Event-ID",
            "MCP-Protocol-Version",
            "Mcp-Method",
            "Mcp-Name",
            "Mcp-Session-Id",
            "X-API-Key",
            "traceparent",
            "tracestate",
            "baggage");

    private static final Pattern PARAMETER = Pattern.compile("mcp-param-[!#$%&'*+.^_`|~0-9a-z-]{1,100}");
    private static final int MAX_PARAMETERS = 100;

    /** How long a browser may remember the answer to its question, in seconds. Browsers have limits of their own. */
    private static final String MAX_AGE = "7200";

    private Cors() {}

    /** Lets the page that has sent a request read the answer. */
    static void allow(Exchange request, String origin) {
        request.addHeader("Vary", "Origin");
        request.header("Access-Control-Allow-Origin", origin);
        request.header("Access-Control-Expose-Headers", "Mcp-Session-Id, WWW-Authenticate, Retry-After");
    }

    /** Returns whether a browser asks on behalf of a page whether it may send a request. */
    static boolean isPreflight(Exchange request) {
        return "OPTIONS".equals(request.method())
                && request.header("Origin") != null
                && request.header("Access-Control-Request-Method") != null;
    }

    /** Answers the question of a browser; the origin has been allowed already. */
    static void answerPreflight(Exchange request, String method) {
        request.header("Access-Control-Allow-Methods", method);
        request.header("Access-Control-Allow-Headers", headers(request.header("Access-Control-Request-Headers")));
        request.header("Access-Control-Max-Age", MAX_AGE);
        if ("true".equals(request.header("Access-Control-Request-Private-Network"))) {
            request.header("Access-Control-Allow-Private-Network", "true");
        }
        request.status(204);
        request.end(new byte[0], () -> {});
    }

    private static String headers(@Nullable String requested) {
        List<String> allowed = new ArrayList<>(REQUEST_HEADERS);
        if (requested != null) {
            Set<String> parameters = new TreeSet<>();
            for (String name : requested.split(",")) {
                String header = name.strip().toLowerCase(Locale.ROOT);
                if (parameters.size() < MAX_PARAMETERS
                        && PARAMETER.matcher(header).matches()) {
                    parameters.add(header);
                }
            }
            allowed.addAll(parameters);
        }
        return String.join(", ", allowed);
    }
}
