package io.qicore.mcp.transport.http;

import io.qicore.mcp.transport.ServerTransport;
import io.qicore.mcp.transport.TransportContract;
import java.util.List;

class LegacySseContractTest extends TransportContract {

    private final HttpTransport transport =
            HttpTransport.builder().legacySse(true).build();

    @Override
    protected List<ServerTransport> transports() {
        return List.of(transport);
    }

    @Override
    protected Caller connect() throws Exception {
        server.start();
        return new SseClient(transport.uri());
    }

    @Override
    protected String threadPrefix() {
        return "mcp-http";
    }
}
