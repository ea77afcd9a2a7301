package io.qicore.mcp.transport.servlet;

import io.qicore.mcp.transport.HttpLimitsContract;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

class ServletLimitsTest {

    @Nested
    class InTomcat extends InContainer {
        InTomcat() {
            super(Container.Kind.TOMCAT);
        }
    }

    @Nested
    class InJetty extends InContainer {
        InJetty() {
            super(Container.Kind.JETTY);
        }
    }

    abstract static class InContainer extends HttpLimitsContract {

        private final Container.Kind kind;
        private Container container;

        InContainer(Container.Kind kind) {
            this.kind = kind;
        }

        @Override
        protected URI start() throws Exception {
            MCPServlet servlet = MCPServlet.builder()
                    .keepAliveInterval(Duration.ofMillis(200))
                    .maxBufferedBytes(MAX_BUFFERED_BYTES)
                    .transferTimeout(TRANSFER_TIMEOUT)
                    .build();
            container = kind.start(servlet);
            server = server.started(servlet);
            return container.uri();
        }

        @AfterEach
        void stopContainer() throws Exception {
            container.stop();
        }
    }
}
