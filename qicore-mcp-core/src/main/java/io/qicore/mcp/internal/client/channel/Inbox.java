package io.qicore.mcp.internal.client.channel;

import io.qicore.mcp.client.error.MCPClientException;

/** Receives what a channel has from its server. Its methods return quickly. Thread-safe. */
public interface Inbox {

    /** Receives a message. */
    void received(Arrival arrival);

    /** Is told that a request will not be answered. Does nothing if it has been answered already. */
    void failed(long request, MCPClientException why);

    /** Is told that the server is gone, and with it all requests in flight. */
    void lost(MCPClientException why);

    /** Is told that the requests have other credentials from now on, so that what was answered before may not be for them. */
    void credentialsChanged();

    /** Is told that the server has forgotten the session while it was listened to. */
    void sessionEnded();
}
