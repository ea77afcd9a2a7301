package io.qicore.mcp.client.oauth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.client.ClientInformation;
import com.nimbusds.oauth2.sdk.client.ClientRegistrationResponse;
import com.nimbusds.openid.connect.sdk.rp.ApplicationType;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientMetadata;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientRegistrationRequest;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogText;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who the client is at an authorization server: registered before, described by a document at an address, or registered now.
 *
 * @param known the client that was registered before, or null
 * @param document the address of the document that describes the client, or null
 * @param name the name by which the client registers
 * @param store keeps registrations, by authorization server
 */
record Registration(@Nullable OAuthClientId known, @Nullable URI document, String name, OAuthStore store) {

    private static final String DOCUMENTS = "client_id_metadata_document_supported";

    /** The ways to authenticate that this client has, the best first. */
    private static final List<ClientAuthenticationMethod> METHODS = List.of(
            ClientAuthenticationMethod.NONE,
            ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
            ClientAuthenticationMethod.CLIENT_SECRET_POST);

    OAuthClientId client(OAuthHttp http, Discovery server, URI redirect) {
        String issuer = server.issuer();
        if (known != null && (known.issuer() == null || known.issuer().equals(issuer))) {
            return known;
        }
        if (document != null && Boolean.TRUE.equals(server.metadata().getCustomParameter(DOCUMENTS))) {
            return new OAuthClientId(issuer, document.toString(), null, "none");
        }
        if (server.metadata().getRegistrationEndpointURI() == null) {
            throw new MCPAuthorizationException(
                    "The client is not registered at " + issuer + ", and cannot register itself there.", null);
        }
        String key = "client " + issuer;
        Optional<String> stored = store.get(key);
        if (stored.isPresent()) {
            return Stored.read(stored.get(), OAuthClientId.class);
        }
        OAuthClientId registered = register(http, server, redirect);
        store.put(key, Stored.write(registered));
        return registered;
    }

    private OAuthClientId register(OAuthHttp http, Discovery server, URI redirect) {
        String issuer = server.issuer();
        URI endpoint =
                server.endpoint(http, "registration endpoint", server.metadata().getRegistrationEndpointURI());
        ClientRegistrationResponse response;
        try {
            OIDCClientMetadata metadata = metadata(redirect, server.metadata().getTokenEndpointAuthMethods());
            response = ClientRegistrationResponse.parse(
                    http.send(new OIDCClientRegistrationRequest(endpoint, metadata, null).toHTTPRequest()));
        } catch (ParseException | IllegalArgumentException e) {
            // The message may contain a part of the answer, and with it a secret.
            throw new MCPAuthorizationException(
                    "The authorization server " + issuer + " does not answer the registration of the client as OAuth"
                            + " requires.",
                    null);
        }
        if (!response.indicatesSuccess()) {
            ErrorObject error = response.toErrorResponse().getErrorObject();
            throw new MCPAuthorizationException(
                    "The authorization server " + issuer + " does not register the client: "
                            + LogText.of(
                                    error.getCode() == null
                                            ? "HTTP status " + error.getHTTPStatusCode()
                                            : error.getCode())
                            + ".",
                    null);
        }
        ClientInformation registered = response.toSuccessResponse().getClientInformation();
        ClientAuthenticationMethod method = registered.getMetadata().getTokenEndpointAuthMethod();
        return new OAuthClientId(
                issuer,
                registered.getID().getValue(),
                registered.getSecret() == null ? null : registered.getSecret().getValue(),
                method == null ? null : method.getValue());
    }

    private OIDCClientMetadata metadata(URI redirect, @Nullable List<ClientAuthenticationMethod> supported) {
        OIDCClientMetadata metadata = new OIDCClientMetadata();
        metadata.setName(name);
        metadata.setRedirectionURI(redirect);
        metadata.setGrantTypes(Set.of(GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN));
        metadata.setResponseTypes(Set.of(ResponseType.CODE));
        metadata.setApplicationType(
                "https".equals(redirect.getScheme()) ? ApplicationType.WEB : ApplicationType.NATIVE);
        metadata.setTokenEndpointAuthMethod(METHODS.stream()
                .filter(method -> supported != null && supported.contains(method))
                .findFirst()
                .orElse(ClientAuthenticationMethod.CLIENT_SECRET_BASIC));
        return metadata;
    }

    /** Values as the store keeps them. */
    static final class Stored {

        private Stored() {}

        static String write(Object value) {
            return Json.MAPPER.valueToTree(value).toString();
        }

        static <T> T read(String text, Class<T> type) {
            try {
                return Json.MAPPER.readValue(text, type);
            } catch (JsonProcessingException e) {
                // The message may contain what is stored.
                throw new MCPAuthorizationException("The store of tokens returned what was not stored.", null);
            }
        }
    }
}
