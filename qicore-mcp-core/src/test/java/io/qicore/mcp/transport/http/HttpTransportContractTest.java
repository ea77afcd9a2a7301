package io.qicore.mcp.transport.http;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.transport.ClientCaller;
import io.qicore.mcp.transport.ServerTransport;
import io.qicore.mcp.transport.TransportContract;
import java.util.List;

class HttpTransportContractTest extends TransportContract {

    private final HttpTransport transport = HttpTransport.onPort(0);

    @Override
    protected List<ServerTransport> transports() {
        return List.of(transport);
    }

    @Override
    protected Caller connect() throws Exception {
        server.start();
        return new ClientCaller(MCPClient.http(transport.uri()));
    }

    @Override
    protected String threadPrefix() {
        return "mcp-http";
    }
}
