package io.qicore.mcp.transport.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.protocol.CallControl;
import io.qicore.mcp.protocol.Reply;
import io.qicore.mcp.protocol.ReplySink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Writes what the engine answers: one JSON object, or a stream of server-sent events from the first notification on. So
 * the status can say what went wrong as long as nothing has been sent. Thread-safe.
 */
final class HttpReplySink implements ReplySink {

    static final String JSON = "application/json";
    private static final String EVENT_STREAM = "text/event-stream";
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Response response;
    private final Callback callback;
    private final CallControl control;
    private final boolean acceptsEvents;
    private final boolean acceptsJson;

    /** Held while something is being written: a response takes one write at a time. */
    private final Semaphore writer = new Semaphore(1);

    private final long created = System.nanoTime();
    private boolean streaming;
    private boolean ended;

    HttpReplySink(Request request, Response response, Callback callback, CallControl control) {
        this.response = response;
        this.callback = callback;
        this.control = control;
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        boolean anything = accept == null || accept.contains("*/*");
        this.acceptsEvents = accept != null && accept.contains(EVENT_STREAM);
        this.acceptsJson = anything || accept.contains(JSON) || accept.contains("application/*");
    }

    @Override
    public void notification(ObjectNode message) {
        if (!acceptsEvents) {
            return;
        }
        boolean gone = false;
        writer.acquireUninterruptibly();
        try {
            if (!ended) {
                stream();
                // Blocks until it is written: a client that reads slowly slows the handler down, not the heap up.
                Content.Sink.write(response, false, event(message.toString().getBytes(StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            gone = true;
        } finally {
            writer.release();
        }
        if (gone) {
            control.disconnected();
        }
    }

    /**
     * Tells the client that its call is alive, and finds out whether the client is. A client that takes events gets the
     * first one here if the call has been running for that long.
     */
    void keepAlive(Duration interval) {
        boolean young = System.nanoTime() - created < interval.toNanos();
        if (!acceptsEvents || young || !writer.tryAcquire()) {
            return;
        }
        if (ended) {
            writer.release();
            return;
        }
        stream();
        response.write(false, ByteBuffer.wrap(KEEP_ALIVE), Callback.from(writer::release, gone -> {
            writer.release();
            control.disconnected();
        }));
    }

    @Override
    public void reply(Reply reply) {
        writer.acquireUninterruptibly();
        ended = true;
        if (reply.kind() == Reply.Kind.ACCEPTED) {
            response.setStatus(HttpStatus.ACCEPTED_202);
            callback.succeeded();
            return;
        }
        byte[] body = reply.toBytes();
        int status = status(reply.kind());
        if (streaming || (!acceptsJson && acceptsEvents && status == HttpStatus.OK_200)) {
            stream();
            response.write(true, event(body), callback);
            return;
        }
        response.setStatus(status);
        if (reply.kind() == Reply.Kind.BUSY) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        }
        if (reply.sessionId() != null) {
            response.getHeaders().put("Mcp-Session-Id", reply.sessionId());
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    @Override
    public void cancelled() {
        writer.acquireUninterruptibly();
        ended = true;
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
        ByteArrayOutputStream event = new ByteArrayOutputStream(DATA.length + json.length + END.length);
        event.writeBytes(DATA);
        event.writeBytes(json);
        event.writeBytes(END);
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
