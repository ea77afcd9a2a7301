package io.qicore.mcp.client.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the authorization server of an MCP server, by RFC 9728 and RFC 8414 or OpenID Connect Discovery.
 *
 * @param resource the server as its metadata names it
 * @param scopes the scopes that the server names, in its order
 * @param issuer the authorization server
 * @param metadata the metadata of the authorization server
 */
record Discovery(String resource, Set<String> scopes, String issuer, ObjectNode metadata) {

    private static final String RESOURCE = "/.well-known/oauth-protected-resource";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";
    private static final String OPENID = "/.well-known/openid-configuration";

    /**
     * Finds it.
     *
     * @throws MCPAuthorizationException if there are no metadata, or they belong to another server
     */
    static Discovery of(OAuthHttp http, URI server, Challenge challenge) {
        ObjectNode protectedResource = resource(http, server, challenge.get("resource_metadata"));
        String resource = protectedResource.path("resource").asText();
        if (!covers(resource, server)) {
            throw new MCPAuthorizationException(
                    "The metadata of " + server.getHost() + " are those of another server, so that they are not used.",
                    null);
        }
        String issuer = protectedResource.path("authorization_servers").path(0).textValue();
        URI base = OAuthHttp.safe("authorization server of " + server.getHost(), issuer);
        return new Discovery(
                resource, texts(protectedResource.path("scopes_supported")), base.toString(), metadata(http, base));
    }

    private static ObjectNode resource(OAuthHttp http, URI server, @Nullable String named) {
        String origin = origin(server);
        List<String> candidates =
                named != null ? List.of(named) : List.of(origin + RESOURCE + path(server), origin + RESOURCE);
        for (String candidate : candidates) {
            ObjectNode found = http.get(OAuthHttp.safe("address of the metadata of " + server.getHost(), candidate));
            if (found != null) {
                return found;
            }
        }
        throw new MCPAuthorizationException(
                server.getHost() + " wants credentials, but does not say from which authorization server.", null);
    }

    /** Returns whether a resource is the server, or contains it. */
    private static boolean covers(String resource, URI server) {
        try {
            URI uri = URI.create(resource);
            String path = path(uri);
            return uri.getRawFragment() == null
                    && uri.getHost() != null
                    && origin(uri).equalsIgnoreCase(origin(server))
                    && (path(server).equals(path) || path(server).startsWith(path + "/"));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static ObjectNode metadata(OAuthHttp http, URI issuer) {
        String origin = origin(issuer);
        String path = path(issuer);
        List<String> candidates = path.isEmpty()
                ? List.of(origin + OAUTH, origin + OPENID)
                : List.of(origin + OAUTH + path, origin + OPENID + path, origin + path + OPENID);
        for (String candidate : candidates) {
            ObjectNode found = http.get(URI.create(candidate));
            if (found != null) {
                if (!issuer.toString().equals(found.path("issuer").textValue())) {
                    throw new MCPAuthorizationException(
                            "The metadata of " + issuer + " name another issuer, so that they are not used.", null);
                }
                return found;
            }
        }
        throw new MCPAuthorizationException("The authorization server " + issuer + " does not have metadata.", null);
    }

    private static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    private static String path(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** Returns an endpoint of the authorization server. */
    URI endpoint(String name) {
        return OAuthHttp.safe(name + " of " + issuer, metadata.path(name).textValue());
    }

    Set<String> list(String name) {
        return texts(metadata.path(name));
    }
}
