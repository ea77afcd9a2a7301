package io.qicore.mcp.client;

import io.qicore.mcp.transport.ClientCaller;
import io.qicore.mcp.transport.TransportContract;

class InProcessContractTest extends TransportContract {

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
