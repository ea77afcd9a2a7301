package io.qicore.mcp.transport.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.protocol.Reply;
import io.qicore.mcp.protocol.ReplySink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Writes what the engine answers: one JSON object, or a stream of server-sent events from the first notification on. So
 * the status can say what went wrong as long as nothing has been sent.
 */
final class HttpReplySink implements ReplySink {

    static final String JSON = "application/json";
    private static final String EVENT_STREAM = "text/event-stream";

    private final Response response;
    private final Callback callback;
    private final boolean acceptsEvents;
    private final boolean acceptsJson;
    private boolean streaming;

    HttpReplySink(Request request, Response response, Callback callback) {
        this.response = response;
        this.callback = callback;
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        boolean anything = accept == null || accept.contains("*/*");
        this.acceptsEvents = accept != null && accept.contains(EVENT_STREAM);
        this.acceptsJson = anything || accept.contains(JSON) || accept.contains("application/*");
    }

    @Override
    public synchronized void notification(ObjectNode message) {
        if (!acceptsEvents) {
            return;
        }
        try {
            stream();
            // Blocks until it is written: a client that reads slowly slows the handler down, not the heap up.
            Content.Sink.write(response, false, event(message.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("The client of this stream has gone.", e);
        }
    }

    @Override
    public synchronized void reply(Reply reply) {
        if (reply.kind() == Reply.Kind.ACCEPTED) {
            response.setStatus(HttpStatus.ACCEPTED_202);
            callback.succeeded();
            return;
        }
        byte[] body = reply.toBytes();
        if (streaming) {
            response.write(true, event(body), callback);
        } else if (!acceptsJson && acceptsEvents && status(reply.kind()) == HttpStatus.OK_200) {
            stream();
            response.write(true, event(body), callback);
        } else {
            response.setStatus(status(reply.kind()));
            if (reply.kind() == Reply.Kind.BUSY) {
                response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
            }
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
            response.write(true, ByteBuffer.wrap(body), callback);
        }
    }

    @Override
    public synchronized void cancelled() {
        if (!streaming && !response.isCommitted()) {
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
            callback.succeeded();
        } else {
            callback.failed(new IOException("The call was cancelled."));
        }
    }

    private void stream() {
        if (!streaming) {
            streaming = true;
            response.setStatus(HttpStatus.OK_200);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, EVENT_STREAM);
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            response.getHeaders().put("X-Accel-Buffering", "no");
        }
    }

    private static ByteBuffer event(byte[] json) {
        ByteArrayOutputStream event = new ByteArrayOutputStream(json.length + 8);
        event.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
        event.writeBytes(json);
        event.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        return ByteBuffer.wrap(event.toByteArray());
    }

    private static int status(Reply.Kind kind) {
        return switch (kind) {
            case RESULT, ERROR -> HttpStatus.OK_200;
            case ACCEPTED -> HttpStatus.ACCEPTED_202;
            case BAD_REQUEST -> HttpStatus.BAD_REQUEST_400;
            case METHOD_NOT_FOUND -> HttpStatus.NOT_FOUND_404;
            case BUSY -> HttpStatus.SERVICE_UNAVAILABLE_503;
        };
    }
}
