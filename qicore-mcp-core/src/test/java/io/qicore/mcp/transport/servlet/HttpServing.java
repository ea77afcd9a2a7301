package io.qicore.mcp.transport.servlet;

import io.qicore.mcp.TestServer;
import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.server.StatelessMCPServer;
import io.qicore.mcp.transport.ServerTransport;
import io.qicore.mcp.transport.http.HttpTransport;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;

/** The ways to serve MCP over HTTP: the bundled server, and the servlet in two containers. */
public enum HttpServing {
    BUNDLED,
    TOMCAT,
    SERVLET_IN_JETTY;

    /** Stops a container. */
    @FunctionalInterface
    public interface Stop {
        void run() throws Exception;
    }

    /** A server that runs. */
    public record Running(URI uri, StatelessMCPServer server, Stop container) {
        public void close() throws Exception {
            server.close();
            container.run();
        }
    }

    /** Starts a server of the test's tools. */
    public Running start(TestServer server, HttpAccess access) throws Exception {
        return start(server::started, access, Duration.ofMinutes(1));
    }

    /**
     * Starts a server.
     *
     * @param starter creates and starts the server on a transport
     */
    public Running start(Function<ServerTransport, StatelessMCPServer> starter, HttpAccess access, Duration keepAlive)
            throws Exception {
        if (this == BUNDLED) {
            HttpTransport transport = HttpTransport.builder()
                    .access(access)
                    .keepAliveInterval(keepAlive)
                    .legacySse(true)
                    .build();
            StatelessMCPServer server = starter.apply(transport);
            return new Running(transport.uri(), server, () -> {});
        }
        MCPServlet servlet =
                MCPServlet.builder().access(access).keepAliveInterval(keepAlive).build();
        Container container = (this == TOMCAT ? Container.Kind.TOMCAT : Container.Kind.JETTY).start(servlet);
        StatelessMCPServer server = starter.apply(servlet);
        return new Running(container.uri(), server, container::stop);
    }
}
