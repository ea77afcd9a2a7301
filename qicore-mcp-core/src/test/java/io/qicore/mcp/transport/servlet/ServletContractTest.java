package io.qicore.mcp.transport.servlet;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.transport.ClientCaller;
import io.qicore.mcp.transport.ServerTransport;
import io.qicore.mcp.transport.TransportContract;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The servlet in each container, with its handlers on the container's threads and on others. */
class ServletContractTest {

    @Nested
    class InTomcat extends InContainer {
        InTomcat() {
            super(Container.Kind.TOMCAT, MCPServlet.create());
        }
    }

    @Nested
    class InJetty extends InContainer {
        InJetty() {
            super(Container.Kind.JETTY, MCPServlet.create());
        }
    }

    @Nested
    class InTomcatWithAnExecutor extends InContainer {
        InTomcatWithAnExecutor() {
            super(Container.Kind.TOMCAT, Executors.newCachedThreadPool());
        }
    }

    abstract static class InContainer extends TransportContract {

        private final Container.Kind kind;
        private final MCPServlet servlet;
        private final ExecutorService handlers;
        private Container container;

        InContainer(Container.Kind kind, MCPServlet servlet) {
            this(kind, servlet, null);
        }

        InContainer(Container.Kind kind, ExecutorService handlers) {
            this(kind, MCPServlet.builder().executor(handlers).build(), handlers);
        }

        private InContainer(Container.Kind kind, MCPServlet servlet, ExecutorService handlers) {
            this.kind = kind;
            this.servlet = servlet;
            this.handlers = handlers;
        }

        @Override
        protected List<ServerTransport> transports() {
            return List.of(servlet);
        }

        @Override
        protected Caller connect() throws Exception {
            if (container == null) {
                container = kind.start(servlet);
            }
            server.start();
            return new ClientCaller(MCPClient.http(container.uri()));
        }

        @AfterEach
        void stopContainer() throws Exception {
            container.stop();
            if (handlers != null) {
                handlers.shutdownNow();
            }
        }

        @Override
        protected String threadPrefix() {
            return "mcp-servlet";
        }
    }
}
