package io.qicore.mcp.transport.http;

import io.qicore.mcp.internal.http.Admission;
import io.qicore.mcp.internal.http.Exchange;
import io.qicore.mcp.internal.http.Health;
import io.qicore.mcp.internal.http.LegacySse;
import io.qicore.mcp.internal.http.McpEndpoint;
import io.qicore.mcp.internal.http.Refusal;
import io.qicore.mcp.internal.http.Transfers;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Routes each request to its endpoint by the path, on the thread of the request. */
final class McpHandler extends Handler.Abstract {

    private final Admission admission;
    private final Transfers transfers;
    private final boolean onLoopback;
    private final Health health;
    private final McpEndpoint mcp;
    private final @Nullable LegacySse sse;

    McpHandler(
            Admission admission,
            Transfers transfers,
            boolean onLoopback,
            Health health,
            McpEndpoint mcp,
            @Nullable LegacySse sse) {
        super(InvocationType.BLOCKING);
        this.admission = admission;
        this.transfers = transfers;
        this.onLoopback = onLoopback;
        this.health = health;
        this.mcp = mcp;
        this.sse = sse;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new JettyExchange(request, response, callback, onLoopback, transfers.timeout());
        String path = Request.getPathInContext(request);
        if (path.equals(HttpTransport.PATH)) {
            mcp.serve(exchange);
        } else if (path.equals(Health.PATH)) {
            health.answer(exchange);
        } else if (sse != null && path.equals(LegacySse.STREAM_PATH)) {
            sse.open(exchange);
        } else if (sse != null && path.equals(LegacySse.MESSAGES_PATH)) {
            sse.receive(exchange, Request.extractQueryParameters(request).getValue("t"));
        } else if (admission.metadata().isAt(path)) {
            admission.metadata().answer(exchange);
        } else {
            Refusal refusal = admission.refuseSender(exchange);
            (refusal == null ? new Refusal(404, "Not found. The MCP endpoint is " + HttpTransport.PATH + ".") : refusal)
                    .answer(exchange);
        }
        return true;
    }
}
