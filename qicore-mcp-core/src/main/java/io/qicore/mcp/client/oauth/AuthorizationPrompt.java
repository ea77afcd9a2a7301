package io.qicore.mcp.client.oauth;

import java.net.URI;

/** Lets a person sign in at an authorization server, with a browser. Called on a thread that may block, for one sign-in at a time. */
@FunctionalInterface
public interface AuthorizationPrompt {

    /**
     * Opens a page in the person's browser, never through a shell, and waits until the browser has been redirected.
     *
     * @param page the page of the authorization server
     * @return the address that the browser was redirected to, with its query
     * @throws Exception if the person does not sign in
     */
    URI authorize(URI page) throws Exception;
}
