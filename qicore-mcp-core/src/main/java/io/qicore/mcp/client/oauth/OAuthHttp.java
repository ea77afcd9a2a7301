package io.qicore.mcp.client.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.common.contenttype.ContentType;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import io.qicore.mcp.client.endpoint.HttpEndpoint;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.internal.client.http.JdkHttp;
import io.qicore.mcp.internal.client.http.LimitedBody;
import io.qicore.mcp.internal.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to authorization servers and for metadata: only to addresses that the MCP server may name, without its credentials,
 * without redirects, with limits of size and time. The messages are those of the OAuth SDK, which does not send them itself.
 */
final class OAuthHttp implements AutoCloseable {

    private static final int MAX_BYTES = 1 << 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final AddressGuard guard;
    private final JdkHttp http;

    /**
     * @param server the MCP server
     * @param trusted hosts that the application itself has named
     * @param own the application's HTTP client; null for one of its own
     */
    OAuthHttp(URI server, Set<String> trusted, @Nullable HttpClient own) {
        HttpEndpoint endpoint = HttpEndpoint.of(server);
        this.guard = new AddressGuard(server, trusted, InetAddress::getAllByName);
        this.http = new JdkHttp(own == null ? endpoint : endpoint.withHttpClient(own));
    }

    /**
     * Returns an address that a server has named, after checking it.
     *
     * @throws MCPAuthorizationException if no request must be sent there
     */
    URI checked(String what, @Nullable String text) {
        return guard.checked(what, text);
    }

    /** Gets a document; returns null if there is none. The address has been checked. */
    @Nullable
    ObjectNode get(URI uri) {
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .GET()
                .build());
        ObjectNode body = object(response.body());
        return response.statusCode() == 200 && !body.isEmpty() ? body : null;
    }

    /** Sends a request of the SDK. */
    HTTPResponse send(HTTPRequest request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(guard.checked(
                        "address of the authorization server", request.getURI().toString()))
                .POST(HttpRequest.BodyPublishers.ofString(request.getBody()));
        for (Map.Entry<String, List<String>> header : request.getHeaderMap().entrySet()) {
            header.getValue().forEach(value -> builder.header(header.getKey(), value));
        }
        HttpResponse<byte[]> response =
                send(builder.setHeader("Accept", "application/json").build());
        HTTPResponse answer = new HTTPResponse(response.statusCode());
        ObjectNode body = object(response.body());
        if (!body.isEmpty()) {
            answer.setEntityContentType(ContentType.APPLICATION_JSON);
            answer.setBody(body.toString());
        }
        return answer;
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> sent = http.send(request, info -> new LimitedBody(MAX_BYTES));
        try {
            return sent.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MCPAuthorizationException("Interrupted while getting credentials.", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new MCPAuthorizationException("Cannot reach " + request.uri().getHost() + " to get credentials.", e);
        } finally {
            // A server that is too slow would keep the connection.
            sent.cancel(true);
        }
    }

    /** Returns the members of a JSON object that have a value; empty if it is none. */
    private static ObjectNode object(byte[] body) {
        try {
            if (Json.read(body) instanceof ObjectNode object) {
                object.properties().removeIf(member -> member.getValue().isNull());
                return object;
            }
        } catch (IOException notJson) {
            return Json.object();
        }
        return Json.object();
    }

    @Override
    public void close() {
        http.close();
    }
}
