package io.qicore.mcp.engine.message;

/**
 * The state that the engine keeps between the messages of one connection, for transports such as stdio where a connection
 * belongs to one client: the calls in flight, which {@code notifications/cancelled} can cancel, and what a client of an
 * older revision has negotiated in {@code initialize}. {@code MCPEngine.newConnection} creates it;
 * {@code MessageConnection} does that and everything else that such a transport needs. Thread-safe.
 */
public interface ClientConnection {

    /** Tells the engine that the client does not send more messages; what the engine watches for it is ended. */
    void closed();
}
