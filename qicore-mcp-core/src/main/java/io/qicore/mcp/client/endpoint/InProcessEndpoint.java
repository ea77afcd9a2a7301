package io.qicore.mcp.client.endpoint;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.server.StatelessMCPServer;
import java.util.Objects;

/**
 * A server in this JVM. Calls use no sockets but otherwise take the same path through the engine as calls over HTTP. The server
 * must be initialized. Immutable.
 *
 * @param server the server; closing a client does not stop it
 * @param caller whose calls the client makes
 */
public record InProcessEndpoint(StatelessMCPServer server, Caller caller) implements ServerEndpoint {
    /** Requires both components. */
    public InProcessEndpoint {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(caller, "caller");
    }

    /** Returns the endpoint of a server that an anonymous caller calls. */
    public static InProcessEndpoint of(StatelessMCPServer server) {
        return new InProcessEndpoint(server, Caller.ANONYMOUS);
    }

    @Override
    public String toString() {
        return server.info().name();
    }
}
