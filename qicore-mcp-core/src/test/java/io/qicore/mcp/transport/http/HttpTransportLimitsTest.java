package io.qicore.mcp.transport.http;

import io.qicore.mcp.transport.HttpLimitsContract;
import java.net.URI;
import java.time.Duration;

class HttpTransportLimitsTest extends HttpLimitsContract {

    @Override
    protected URI start() throws Exception {
        HttpTransport transport = HttpTransport.builder()
                .keepAliveInterval(Duration.ofMillis(200))
                .maxBufferedBytes(MAX_BUFFERED_BYTES)
                .transferTimeout(TRANSFER_TIMEOUT)
                .build();
        server = server.started(transport);
        return transport.uri();
    }
}
