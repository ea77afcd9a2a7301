package io.qicore.mcp.client.oauth;

import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.AuthorizationResponse;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import io.qicore.mcp.client.error.MCPAuthorizationException;
import io.qicore.mcp.internal.log.LogText;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The authorization code grant with PKCE, for programs with a person. */
final class PersonFlow implements Flow {

    private static final String OFFLINE = "offline_access";

    private final AuthorizationPrompt prompt;
    private final URI redirect;
    private final Registration registration;

    PersonFlow(AuthorizationPrompt prompt, URI redirect, Registration registration) {
        this.prompt = prompt;
        this.redirect = redirect;
        this.registration = registration;
    }

    @Override
    public Set<String> trustedHosts() {
        OAuthClientId known = registration.known();
        return known == null ? Set.of() : known.issuerHost();
    }

    @Override
    public Set<String> moreScopes(Discovery server) {
        // It makes a refresh token possible, where the authorization server knows it.
        Scope known = server.metadata().getScopes();
        return known != null && known.contains(OFFLINE) ? Set.of(OFFLINE) : Set.of();
    }

    @Override
    public Tokens obtain(OAuthHttp http, Discovery server, Set<String> scopes) throws Exception {
        AuthorizationServerMetadata metadata = server.metadata();
        List<CodeChallengeMethod> methods = metadata.getCodeChallengeMethods();
        if (methods == null || !methods.contains(CodeChallengeMethod.S256)) {
            throw new MCPAuthorizationException(
                    "The authorization server " + server.issuer()
                            + " does not support PKCE with S256, which is required.",
                    null);
        }
        OAuthClientId client = TokenEndpoint.settled(
                registration.client(http, server, redirect), metadata.getTokenEndpointAuthMethods());
        CodeVerifier verifier = new CodeVerifier();
        State state = new State();
        AuthorizationRequest request = new AuthorizationRequest.Builder(
                        ResponseType.CODE, new ClientID(client.clientId()))
                .endpointURI(server.endpoint(http, "authorization endpoint", metadata.getAuthorizationEndpointURI()))
                .redirectionURI(redirect)
                .scope(scopes.isEmpty() ? null : Scope.parse(scopes))
                .state(state)
                .codeChallenge(verifier, CodeChallengeMethod.S256)
                .resource(server.resource())
                .build();
        AuthorizationResponse answer = checked(server, state, prompt.authorize(request.toURI()));
        return TokenEndpoint.request(
                http,
                server,
                client,
                scopes,
                new AuthorizationCodeGrant(answer.toSuccessResponse().getAuthorizationCode(), redirect, verifier));
    }

    /** Checks what the browser brought back. */
    private static AuthorizationResponse checked(Discovery server, State state, @Nullable URI redirected) {
        AuthorizationResponse answer = parsed(redirected);
        if (!state.equals(answer.getState())) {
            throw new MCPAuthorizationException("The redirect does not belong to the request that was made.", null);
        }
        boolean isRequired = server.metadata().supportsAuthorizationResponseIssuerParam();
        // Compared as it is: two issuers can differ in a slash only.
        if (answer.getIssuer() == null
                ? isRequired
                : !answer.getIssuer().getValue().equals(server.issuer())) {
            throw new MCPAuthorizationException(
                    "The redirect comes from another authorization server than " + server.issuer() + ".", null);
        }
        if (!answer.indicatesSuccess()) {
            throw new MCPAuthorizationException(
                    "The authorization server " + server.issuer() + " refuses: "
                            + LogText.of(
                                    answer.toErrorResponse().getErrorObject().getCode()) + ".",
                    null);
        }
        if (answer.toSuccessResponse().getAuthorizationCode() == null) {
            throw new MCPAuthorizationException("The redirect is without a code.", null);
        }
        return answer;
    }

    private static AuthorizationResponse parsed(@Nullable URI redirected) {
        if (redirected == null) {
            throw new MCPAuthorizationException("Nobody has signed in.", null);
        }
        Map<String, List<String>> parameters = URLUtils.parseParameters(redirected.getRawQuery());
        parameters.forEach((name, values) -> {
            if (values.size() > 1) {
                throw new MCPAuthorizationException(
                        "The redirect has the parameter " + LogText.of(name) + " twice.", null);
            }
        });
        try {
            return AuthorizationResponse.parse(redirected, parameters);
        } catch (ParseException e) {
            // The message may contain the code.
            throw new MCPAuthorizationException("The redirect is not an answer of OAuth.", null);
        }
    }
}
