package io.qicore.mcp.client.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.internal.client.http.JdkHttp;
import io.qicore.mcp.internal.client.http.LimitedBody;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Requests to authorization servers and for metadata: no redirects, no credentials of the MCP server, limits of size and time. */
final class OAuthHttp implements AutoCloseable {

    private static final int MAX_BYTES = 1 << 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** An answer; the body is an empty object if it is not a JSON object. */
    record Answer(int status, ObjectNode body) {}

    private final JdkHttp http;

    /** @param server any address; the limits of its endpoint are used */
    OAuthHttp(URI server) {
        this.http = new JdkHttp(HttpEndpoint.of(server));
    }

    /**
     * Returns an address that a server has named, after checking it.
     *
     * @throws MCPAuthorizationException if it is neither https nor on this machine
     */
    static URI safe(String what, @Nullable String text) {
        try {
            URI uri = text == null ? null : URI.create(text);
            String host = uri == null ? null : uri.getHost();
            if (uri != null
                    && host != null
                    && uri.getRawUserInfo() == null
                    && ("https".equalsIgnoreCase(uri.getScheme())
                            || ("http".equalsIgnoreCase(uri.getScheme())
                                    && LOOPBACK.contains(host.toLowerCase(Locale.ROOT))))) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            throw new MCPAuthorizationException("The " + what + " is not a valid address.", malformed);
        }
        throw new MCPAuthorizationException("The " + what + " is missing, or neither https nor on this machine.", null);
    }

    /** Gets a document; returns null if there is none. */
    @Nullable
    ObjectNode get(URI uri) {
        Answer answer = send(HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .GET()
                .build());
        return answer.status() == 200 && !answer.body().isEmpty() ? answer.body() : null;
    }

    /** Posts a JSON document. */
    Answer post(URI uri, ObjectNode body) {
        return send(HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build());
    }

    /** Posts a form. */
    Answer post(URI uri, Map<String, String> form, @Nullable String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encoded(form)));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return send(request.build());
    }

    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = http.send(request, info -> new LimitedBody(MAX_BYTES))
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), object(response.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MCPAuthorizationException("Interrupted while getting credentials.", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new MCPAuthorizationException("Cannot reach " + request.uri().getHost() + " to get credentials.", e);
        }
    }

    private static ObjectNode object(byte[] body) {
        try {
            JsonNode json = Json.read(body);
            return json instanceof ObjectNode object ? object : Json.object();
        } catch (IOException notJson) {
            return Json.object();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
