package io.qicore.mcp.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** Sends requests to a server and returns its responses. Thread-safe. */
interface ClientTransport extends AutoCloseable {

    /**
     * Sends a request and waits for the response.
     *
     * @return the response
     * @throws MCPConnectionException if no response arrives within the timeout
     * @throws InterruptedException if the thread is interrupted; the request is then cancelled
     */
    ServerAnswer exchange(ObjectNode request, Duration timeout) throws InterruptedException;

    /** Returns the name or address of the server, for error messages. */
    @Override
    String toString();

    /** Closes the transport and makes requests in flight fail. */
    @Override
    void close();
}
