package io.qicore.mcp.client.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.internal.header.Origin;
import io.qicore.mcp.internal.log.LogText;
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
record Discovery(URI resource, Set<String> scopes, String issuer, AuthorizationServerMetadata metadata) {

    private static final String RESOURCE = "/.well-known/oauth-protected-resource";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";
    private static final String OPENID = "/.well-known/openid-configuration";

    /**
     * Finds it.
     *
     * @throws MCPAuthorizationException if the server has no metadata, or those of another server
     */
    static Discovery of(OAuthHttp http, URI server, Challenge challenge) {
        ObjectNode protectedResource = resource(http, server, challenge.get("resource_metadata"));
        URI resource = covering(protectedResource.path("resource").asText(), server);
        String issuer = protectedResource.path("authorization_servers").path(0).textValue();
        URI base = http.checked("authorization server of " + server.getHost(), issuer);
        Set<String> scopes = new LinkedHashSet<>();
        protectedResource.path("scopes_supported").forEach(scope -> scopes.add(scope.asText()));
        return new Discovery(resource, scopes, base.toString(), metadata(http, base));
    }

    private static ObjectNode resource(OAuthHttp http, URI server, @Nullable String named) {
        String origin = origin(server);
        List<String> candidates =
                named != null ? List.of(named) : List.of(origin + RESOURCE + path(server), origin + RESOURCE);
        for (String candidate : candidates) {
            ObjectNode found = http.get(http.checked("address of the metadata of " + server.getHost(), candidate));
            if (found != null) {
                return found;
            }
        }
        throw new MCPAuthorizationException(
                server.getHost() + " wants credentials, but does not say from which authorization server.", null);
    }

    /** Returns the resource of metadata if it is the server, or contains it. */
    static URI covering(String resource, URI server) {
        try {
            URI uri = URI.create(resource);
            String path = path(uri);
            if (uri.getRawFragment() == null
                    && uri.getScheme() != null
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && Origin.of(uri).equals(Origin.of(server))
                    && (path(server).equals(path) || path(server).startsWith(path + "/"))) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            throw new MCPAuthorizationException(
                    "The metadata of " + server.getHost() + " do not name a valid resource.", malformed);
        }
        throw new MCPAuthorizationException(
                "The metadata of " + server.getHost() + " are those of another server, so that they are not used.",
                null);
    }

    private static AuthorizationServerMetadata metadata(OAuthHttp http, URI issuer) {
        String origin = origin(issuer);
        String path = path(issuer);
        List<String> candidates = path.isEmpty()
                ? List.of(origin + OAUTH, origin + OPENID)
                : List.of(origin + OAUTH + path, origin + OPENID + path, origin + path + OPENID);
        for (String candidate : candidates) {
            ObjectNode found = http.get(URI.create(candidate));
            if (found != null) {
                return parsed(issuer.toString(), found);
            }
        }
        throw new MCPAuthorizationException("The authorization server " + issuer + " does not have metadata.", null);
    }

    private static AuthorizationServerMetadata parsed(String issuer, ObjectNode document) {
        AuthorizationServerMetadata metadata;
        try {
            metadata = AuthorizationServerMetadata.parse(document.toString());
        } catch (ParseException | IllegalArgumentException e) {
            throw new MCPAuthorizationException(
                    "The metadata of " + issuer + " are not valid: " + LogText.of(e.getMessage()), e);
        }
        if (!metadata.getIssuer().getValue().equals(issuer)) {
            throw new MCPAuthorizationException(
                    "The metadata of " + issuer + " name another issuer, so that they are not used.", null);
        }
        return metadata;
    }

    private static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    private static String path(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Returns an endpoint of the authorization server, after checking its address. */
    URI endpoint(OAuthHttp http, String name, @Nullable URI address) {
        return http.checked(name + " of " + issuer, address == null ? null : address.toString());
    }
}
