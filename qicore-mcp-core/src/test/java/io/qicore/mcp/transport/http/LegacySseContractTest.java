package io.qicore.mcp.transport.http;

import io.qicore.mcp.transport.TransportContract;

class LegacySseContractTest extends TransportContract {

    private final HttpTransport transport =
            HttpTransport.builder().legacySse(true).build();
    private boolean added;

    @Override
    protected Caller connect() throws Exception {
        if (!added) {
            server = server.with(settings -> settings.transport(transport));
            added = true;
        }
        server.start();
        return new SseClient(transport.uri());
    }

    @Override
    protected String threadPrefix() {
        return "mcp-http";
    }
}
