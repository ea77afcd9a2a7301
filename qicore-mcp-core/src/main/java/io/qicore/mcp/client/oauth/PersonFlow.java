package io.qicore.mcp.client.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogText;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The authorization code grant with PKCE, for programs with a person. */
final class PersonFlow implements Flow {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BYTES = 32;

    private final AuthorizationPrompt prompt;
    private final URI redirect;
    private final Registration registration;

    PersonFlow(AuthorizationPrompt prompt, URI redirect, Registration registration) {
        this.prompt = prompt;
        this.redirect = redirect;
        this.registration = registration;
    }

    @Override
    public Set<String> moreScopes(Discovery server) {
        // It makes a refresh token possible, where the authorization server knows it.
        return server.list("scopes_supported").contains("offline_access") ? Set.of("offline_access") : Set.of();
    }

    @Override
    public Tokens obtain(OAuthHttp http, Discovery server, Set<String> scopes) throws Exception {
        if (!server.list("code_challenge_methods_supported").contains("S256")) {
            throw new MCPAuthorizationException(
                    "The authorization server " + server.issuer()
                            + " does not support PKCE with S256, which is required.",
                    null);
        }
        OAuthClientId client = registration.client(http, server, redirect);
        String verifier = random();
        String state = random();
        URI page = page(server, client, scopes, verifier, state);
        Map<String, String> answer = parameters(prompt.authorize(page));
        String code = code(server, state, answer);
        Map<String, String> grant = new LinkedHashMap<>();
        grant.put("grant_type", "authorization_code");
        grant.put("code", code);
        grant.put("redirect_uri", redirect.toString());
        grant.put("code_verifier", verifier);
        return TokenEndpoint.request(
                http,
                server.issuer(),
                server.endpoint("token_endpoint"),
                client,
                TokenEndpoint.method(client, server.list("token_endpoint_auth_methods_supported")),
                server.resource(),
                scopes,
                grant);
    }

    private URI page(Discovery server, OAuthClientId client, Set<String> scopes, String verifier, String state) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", client.clientId());
        query.put("redirect_uri", redirect.toString());
        query.put("state", state);
        query.put("code_challenge", challenge(verifier));
        query.put("code_challenge_method", "S256");
        query.put("resource", server.resource());
        if (!scopes.isEmpty()) {
            query.put("scope", String.join(" ", scopes));
        }
        String endpoint = server.endpoint("authorization_endpoint").toString();
        return URI.create(endpoint + (endpoint.contains("?") ? "&" : "?") + OAuthHttp.encoded(query));
    }

    /** Checks what the browser brought back, and returns the code. */
    private static String code(Discovery server, String state, Map<String, String> answer) {
        if (!MessageDigest.isEqual(bytes(state), bytes(answer.get("state")))) {
            throw new MCPAuthorizationException("The redirect does not belong to the request that was made.", null);
        }
        String issuer = answer.get("iss");
        boolean isRequired = server.metadata()
                .path("authorization_response_iss_parameter_supported")
                .booleanValue();
        // Compared as it is: two issuers can differ in a slash only.
        if (issuer == null ? isRequired : !issuer.equals(server.issuer())) {
            throw new MCPAuthorizationException(
                    "The redirect comes from another authorization server than " + server.issuer() + ".", null);
        }
        String code = answer.get("code");
        if (code == null) {
            throw new MCPAuthorizationException(
                    "The authorization server " + server.issuer() + " refuses: " + LogText.of(answer.get("error"))
                            + ".",
                    null);
        }
        return code;
    }

    private static byte[] bytes(@Nullable String text) {
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> parameters(URI redirected) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String query = redirected.getRawQuery() == null ? "" : redirected.getRawQuery();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
                String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
                if (parameters.put(name, value) != null) {
                    throw new MCPAuthorizationException(
                            "The redirect has the parameter " + LogText.of(name) + " twice.", null);
                }
            }
        }
        return parameters;
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    /** Returns the metadata with which a client registers. */
    static ObjectNode metadata(String name, URI redirect, String authMethod) {
        boolean isLocal = !"https".equals(redirect.getScheme());
        ObjectNode metadata = Json.object().put("client_name", name);
        metadata.putArray("redirect_uris").add(redirect.toString());
        metadata.putArray("grant_types").add("authorization_code").add("refresh_token");
        metadata.putArray("response_types").add("code");
        return metadata.put("token_endpoint_auth_method", authMethod)
                .put("application_type", isLocal ? "native" : "web");
    }
}
