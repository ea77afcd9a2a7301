package io.qicore.mcp.transport;

import io.qicore.mcp.engine.MCPEngine;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Carries messages between clients and the engine of one server. The bundled ones are {@code HttpTransport},
 * {@code MCPServlet} and {@code StdioTransport}. An application that has its own implements this interface, calls
 * {@link MCPEngine#handle(byte[], io.qicore.mcp.engine.message.CallMetadata, io.qicore.mcp.engine.message.ReplySink)} for each message
 * on a thread that may block, and hands it to {@code ServerSettings.Builder.transport}; {@code SocketTransport} in the
 * module {@code examples} does so in under 40 lines.
 *
 * <p>What a transport owes its users beside carrying bytes:
 *
 * <ul>
 *   <li>a bound on the length of a message;
 *   <li>that only those reach it who may: a web page can reach every TCP port of its reader's machine;
 *   <li>one {@link io.qicore.mcp.engine.MessageConnection} for each connection, if two messages on it come from one client,
 *       so that a client can cancel by the id of a call;
 *   <li>{@code CallControl.disconnected} when the client has gone, if it can tell;
 *   <li>{@code CallControl.stopping}, or {@link MCPEngine#endSubscriptions}, when it stops, so that subscriptions end with an
 *       answer.
 * </ul>
 */
public interface ServerTransport {

    /**
     * Starts to accept messages. When this method returns, a client that connects is served.
     *
     * @throws Exception if it cannot, for example because the port is in use; nothing is left open then
     */
    void start(MCPEngine engine) throws Exception;

    /**
     * Stops. New messages are refused at once; calls in flight may end within the time given. When this method returns,
     * no thread, socket or call of this transport is left.
     *
     * @throws Exception if something did not stop cleanly
     */
    void stop(Duration drainTimeout) throws Exception;

    /** Where clients reach it while it runs, if it has an address. Default: none. */
    default Optional<URI> endpoint() {
        return Optional.empty();
    }
}
