package io.qicore.mcp.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** Brings a request to a server and its response back. Thread-safe. */
interface ClientTransport extends AutoCloseable {

    /**
     * Sends a request.
     *
     * @return the JSON-RPC response
     * @throws MCPConnectionException if there is none in time
     * @throws InterruptedException when interrupted; the request is abandoned
     */
    JsonNode exchange(ObjectNode request, Duration timeout) throws InterruptedException;

    /** Where it leads, for messages. */
    @Override
    String toString();

    @Override
    void close();
}
