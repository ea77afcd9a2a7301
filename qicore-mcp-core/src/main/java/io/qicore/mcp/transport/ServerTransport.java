package io.qicore.mcp.transport;

import io.qicore.mcp.engine.MCPEngine;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Carries messages between clients and the engine of one server. The bundled transports are {@code HttpTransport},
 * {@code MCPServlet} and {@code StdioTransport}.
 *
 * <p>To add another transport, implement this interface, register it with {@code ServerSettings.Builder.transport}, and
 * call {@link MCPEngine#handle(byte[], io.qicore.mcp.engine.message.CallMetadata,
 * io.qicore.mcp.engine.message.ReplySink)} for each message, on a thread that may block. {@code SocketTransport} in the
 * module {@code examples} does this in fewer than 40 lines.
 *
 * <p>A transport has these duties besides carrying bytes:
 *
 * <ul>
 *   <li>It limits the length of a message.
 *   <li>It admits only clients that are allowed to connect. Note that any web page can send requests to the TCP ports
 *       of the machine on which it is displayed.
 *   <li>If a connection carries several messages of one client, it uses one
 *       {@link io.qicore.mcp.engine.MessageConnection} for each connection, so that the client can cancel a call by its
 *       id.
 *   <li>It calls {@code CallControl.disconnected} when the client disconnects, if it can detect this.
 *   <li>When it stops, it calls {@code CallControl.stopping} or {@link MCPEngine#endSubscriptions}, so that
 *       subscriptions end with a response.
 * </ul>
 */
public interface ServerTransport {

    /**
     * Starts to accept messages. Clients are served as soon as this method returns.
     *
     * @param engine the engine that handles the messages
     * @throws Exception if the transport cannot start, for example because its port is in use. It then releases
     *     everything that it has opened
     */
    void start(MCPEngine engine) throws Exception;

    /**
     * Stops the transport. New messages are rejected immediately. Calls in flight may complete within the drain timeout
     * and are then cancelled. When this method returns, no thread, socket or call of this transport is left. Does
     * nothing if the transport is not running.
     *
     * @param drainTimeout how long to wait for calls in flight
     * @throws Exception if the transport did not stop cleanly
     */
    void stop(Duration drainTimeout) throws Exception;

    /**
     * Returns the address at which clients reach the transport, or empty if it has no address or is not running. The
     * default implementation returns empty.
     */
    default Optional<URI> endpoint() {
        return Optional.empty();
    }
}
