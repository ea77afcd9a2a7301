package io.qicore.mcp.engine.message;

/**
 * What the engine keeps between messages for a transport with one client on one connection, such as stdio: which calls are
 * in flight, so that {@code notifications/cancelled} can name one, and what a client of an older revision settled once for
 * all. {@code MCPEngine.newConnection} makes one for each connection; {@code MessageConnection} does that and the rest of
 * what such a transport needs. Thread-safe.
 */
public interface ClientConnection {

    /** The client has gone: nothing is watched for it any more. */
    void closed();
}
