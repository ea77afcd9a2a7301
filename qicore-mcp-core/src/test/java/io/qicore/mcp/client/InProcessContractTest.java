package io.qicore.mcp.client;

import io.qicore.mcp.transport.ClientCaller;
import io.qicore.mcp.transport.ServerTransport;
import io.qicore.mcp.transport.TransportContract;
import java.util.List;

class InProcessContractTest extends TransportContract {

    @Override
    protected List<ServerTransport> transports() {
        return List.of();
    }

    @Override
    protected Caller connect() throws Exception {
        server.initialize();
        return new ClientCaller(MCPClient.inProcess(server));
    }

    @Override
    protected String threadPrefix() {
        return "mcp-in-process";
    }
}
