package io.qicore.mcp.transport;

import io.qicore.mcp.protocol.MCPEngine;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Carries messages between clients and the engine of one server. The bundled ones are
 * {@code HttpTransport} and {@code StdioTransport}; an
 * application that has its own calls {@link MCPEngine} from it.
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
