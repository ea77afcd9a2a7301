package io.qicore.mcp.transport.http;

import io.qicore.mcp.client.MCPClient;
import io.qicore.mcp.transport.ClientCaller;
import io.qicore.mcp.transport.TransportContract;

class HttpTransportContractTest extends TransportContract {

    private final HttpTransport transport = HttpTransport.onPort(0);
    private boolean added;

    @Override
    protected Caller connect() throws Exception {
        if (!added) {
            server = server.with(settings -> settings.transport(transport));
            added = true;
        }
        server.start();
        return new ClientCaller(MCPClient.http(transport.uri()));
    }

    @Override
    protected String threadPrefix() {
        return "mcp-http";
    }
}
