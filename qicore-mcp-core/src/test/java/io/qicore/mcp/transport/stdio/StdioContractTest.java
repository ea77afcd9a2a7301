package io.qicore.mcp.transport.stdio;

import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.transport.ServerTransport;
import io.qicore.mcp.transport.TransportContract;
import java.time.Duration;
import java.util.List;

class StdioContractTest extends TransportContract {

    /** A stdio transport serves one connection; this one takes a new pipe for each start. */
    private static final class Restartable implements ServerTransport {
        private StdioPipe pipe;
        private StdioTransport transport;

        @Override
        public void start(MCPEngine engine) throws Exception {
            pipe = new StdioPipe();
            transport = pipe.transport();
            transport.start(engine);
        }

        @Override
        public void stop(Duration drainTimeout) throws Exception {
            transport.stop(drainTimeout);
            pipe.closeServerEnd();
        }
    }

    private final Restartable transport = new Restartable();

    @Override
    protected List<ServerTransport> transports() {
        return List.of(transport);
    }

    @Override
    protected Caller connect() throws Exception {
        server.start();
        return transport.pipe.client();
    }

    @Override
    protected String threadPrefix() {
        return "mcp-stdio";
    }
}
