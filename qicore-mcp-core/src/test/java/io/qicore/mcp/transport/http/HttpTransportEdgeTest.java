package io.qicore.mcp.transport.http;

import io.qicore.mcp.transport.HttpEdgeContract;
import java.net.URI;
import java.time.Duration;

class HttpTransportEdgeTest extends HttpEdgeContract {

    @Override
    protected URI start(Duration keepAliveInterval) throws Exception {
        HttpTransport transport = HttpTransport.builder()
                .keepAliveInterval(keepAliveInterval)
                .maxBodyBytes(MAX_BODY_BYTES)
                .access(ACCESS)
                .build();
        server = server.started(transport);
        return transport.uri();
    }
}
