package io.qicore.mcp.client.oauth;

import java.util.Set;

/** A way to get tokens from an authorization server. */
interface Flow {

    /** Returns the hosts that the application itself has named, in lower case. */
    Set<String> trustedHosts();

    /** Returns the scopes that are asked for besides those that the server wants. */
    Set<String> moreScopes(Discovery server);

    /**
     * Gets tokens.
     *
     * @throws Exception if that is not possible
     */
    Tokens obtain(OAuthHttp http, Discovery server, Set<String> scopes) throws Exception;
}
