package io.qicore.mcp.client.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogText;
import java.net.URI;
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

    OAuthClientId client(OAuthHttp http, Discovery server, URI redirect) {
        String issuer = server.issuer();
        if (known != null && (known.issuer() == null || known.issuer().equals(issuer))) {
            return known;
        }
        if (document != null
                && server.metadata()
                        .path("client_id_metadata_document_supported")
                        .booleanValue()) {
            return new OAuthClientId(issuer, document.toString(), null, "none");
        }
        if (!server.metadata().has("registration_endpoint")) {
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
        Set<String> methods = server.list("token_endpoint_auth_methods_supported");
        String method =
                methods.contains("none") ? "none" : methods.stream().findFirst().orElse("client_secret_basic");
        OAuthHttp.Answer answer =
                http.post(server.endpoint("registration_endpoint"), PersonFlow.metadata(name, redirect, method));
        JsonNode body = answer.body();
        String id = body.path("client_id").textValue();
        if (id == null || answer.status() >= 300) {
            throw new MCPAuthorizationException(
                    "The authorization server " + server.issuer() + " does not register the client: "
                            + LogText.of(body.path("error").asText("HTTP status " + answer.status())) + ".",
                    null);
        }
        return new OAuthClientId(
                server.issuer(),
                id,
                body.path("client_secret").textValue(),
                body.path("token_endpoint_auth_method").textValue());
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
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new MCPAuthorizationException("The store of tokens returned what was not stored.", e);
            }
        }
    }
}
