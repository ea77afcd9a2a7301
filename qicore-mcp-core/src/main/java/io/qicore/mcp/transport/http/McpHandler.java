package io.qicore.mcp.transport.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.concurrent.InFlight;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.protocol.CallControl;
import io.qicore.mcp.protocol.CallMetadata;
import io.qicore.mcp.protocol.MCPEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Hands each POST to the engine, on the request's own thread. */
final class McpHandler extends Handler.Abstract {

    private final MCPEngine engine;
    private final Admission admission;
    private final InFlight inFlight;
    private final Set<HttpReplySink> open = ConcurrentHashMap.newKeySet();

    McpHandler(MCPEngine engine, Admission admission, InFlight inFlight) {
        super(InvocationType.BLOCKING);
        this.engine = engine;
        this.admission = admission;
        this.inFlight = inFlight;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Admission.Refusal refusal = admission.refuse(request);
        if (refusal != null) {
            refuse(refusal, response, callback);
            return true;
        }
        byte[] body;
        try {
            body = read(request);
        } catch (IOException e) {
            // It took longer than the idle timeout, or the client has gone and nobody reads this.
            refuse(
                    new Admission.Refusal(HttpStatus.REQUEST_TIMEOUT_408, "The body did not arrive."),
                    response,
                    callback);
            return true;
        }
        if (body.length > admission.maxBodyBytes()) {
            refuse(admission.tooLarge(), response, callback);
            return true;
        }
        CallControl control = new CallControl();
        if (!inFlight.begin(control)) {
            refuse(
                    new Admission.Refusal(HttpStatus.SERVICE_UNAVAILABLE_503, "The server is stopping."),
                    response,
                    callback);
            return true;
        }
        request.addFailureListener(failure -> control.disconnected());
        HttpReplySink[] sink = new HttpReplySink[1];
        Callback end = Callback.from(callback, () -> {
            open.remove(sink[0]);
            inFlight.end(control);
        });
        sink[0] = new HttpReplySink(request, response, end, control);
        open.add(sink[0]);
        try {
            engine.handle(body, new CallMetadata(request.getHeaders()::get, null, null, control), sink[0]);
        } catch (RuntimeException e) {
            open.remove(sink[0]);
            inFlight.end(control);
            throw e;
        }
        return true;
    }

    /** Tells the clients of calls that take longer than an interval that these are alive. */
    void keepAlive(Duration interval) {
        open.forEach(sink -> sink.keepAlive(interval));
    }

    private byte[] read(Request request) throws IOException {
        try (InputStream body = Content.Source.asInputStream(request)) {
            return body.readNBytes(admission.maxBodyBytes() + 1);
        }
    }

    /** Refuses a request with a JSON-RPC error that belongs to no message. */
    static void refuse(Admission.Refusal refusal, Response response, Callback callback) {
        response.setStatus(refusal.status());
        if (refusal.status() == HttpStatus.METHOD_NOT_ALLOWED_405) {
            response.getHeaders().put(HttpHeader.ALLOW, "POST");
        }
        if (refusal.status() == HttpStatus.SERVICE_UNAVAILABLE_503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        }
        ObjectNode message = Json.object().put("jsonrpc", "2.0");
        message.putObject("error").put("code", -32600).put("message", refusal.message());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, HttpReplySink.JSON);
        response.write(true, ByteBuffer.wrap(message.toString().getBytes(StandardCharsets.UTF_8)), callback);
    }
}
