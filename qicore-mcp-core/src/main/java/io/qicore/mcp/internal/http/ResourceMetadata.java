package io.qicore.mcp.internal.http;

import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.internal.json.Json;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of the server as a protected resource, which tells clients of OAuth where they get tokens. Without an authenticator
 * that has metadata there is none. Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728">RFC 9728, OAuth 2.0 Protected Resource Metadata</a>
 */
public final class ResourceMetadata {

    /** The path of the metadata; the path of the endpoint may follow. */
    public static final String PATH = "/.well-known/oauth-protected-resource";

    private static final String SCHEME = "Bearer";
    private static final String PARAMETER = "resource_metadata=";

    private final byte @Nullable [] document;
    private final String endpoint;
    private final String parameter;

    /** Creates the metadata of the resource that an authenticator describes. */
    public ResourceMetadata(HttpAuthenticator authenticator) {
        Map<String, Object> metadata = authenticator.resourceMetadata().orElse(null);
        if (metadata == null) {
            document = null;
            endpoint = "";
            parameter = "";
            return;
        }
        URI resource = URI.create(
                String.valueOf(Objects.requireNonNull(metadata.get("resource"), "resource of the metadata")));
        document = Json.bytes(Json.tree(metadata));
        endpoint = resource.getRawPath() == null || resource.getRawPath().equals("/") ? "" : resource.getRawPath();
        parameter = PARAMETER + '"' + resource.getScheme() + "://" + resource.getRawAuthority() + PATH + endpoint + '"';
    }

    /** Returns whether there is metadata at a path: that of any resource of the host, or that of the endpoint. */
    public boolean isAt(String path) {
        return document != null && path.startsWith(PATH) && isEndpoint(path.substring(PATH.length()));
    }

    private boolean isEndpoint(String rest) {
        return rest.isEmpty() || rest.equals(endpoint);
    }

    /** Answers a request for the metadata. Pages of any origin may read it, and it needs no authentication. */
    public void answer(Exchange exchange) {
        exchange.header("Access-Control-Allow-Origin", "*");
        if (!"GET".equals(exchange.method())) {
            new Refusal(405, "Only GET is served.", Map.of("Allow", "GET")).answer(exchange);
            return;
        }
        byte[] body = Objects.requireNonNull(document);
        exchange.status(200);
        exchange.header("Content-Type", "application/json");
        exchange.header("Cache-Control", "max-age=300");
        exchange.header("Content-Length", Integer.toString(body.length));
        exchange.end(body, () -> {});
    }

    /** Returns headers whose challenge, if there is one, has the URL of the metadata. */
    Map<String, String> complete(Map<String, String> headers) {
        String challenge = headers.get(Reply.CHALLENGE);
        if (document == null || challenge == null) {
            return headers;
        }
        Map<String, String> complete = new HashMap<>(headers);
        complete.put(Reply.CHALLENGE, complete(challenge));
        return complete;
    }

    /** Returns a challenge with the URL of the metadata, unless it is of another scheme or has one. */
    private String complete(String challenge) {
        if (!challenge.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) || challenge.contains(PARAMETER)) {
            return challenge;
        }
        return challenge.length() == SCHEME.length() ? challenge + " " + parameter : challenge + ", " + parameter;
    }
}
