package io.qicore.mcp.internal.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Writes what the engine answers: one JSON object, or a stream of server-sent events from the first notification on. So
 * the status can say what went wrong as long as nothing has been sent. Thread-safe.
 */
final class HttpReplySink implements ReplySink {

    private static final byte[] NOTHING = new byte[0];

    private final Exchange exchange;
    private final Accept accept;
    private final EventStream events;
    private final Runnable ended;

    /** @param ended runs when the exchange is over */
    HttpReplySink(Exchange exchange, Accept accept, CallControl control, Consumer<HttpReplySink> ended) {
        this.exchange = exchange;
        this.accept = accept;
        this.ended = () -> ended.accept(this);
        this.events = new EventStream(exchange, control::disconnected, this.ended);
    }

    @Override
    public void notification(ObjectNode message) {
        if (accept.events()) {
            events.send(EventStream.event(null, message.toString().getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Tells a client that takes events that its call is alive, and finds out whether the client is. */
    void keepAlive(Duration silence) {
        if (accept.events()) {
            events.keepAlive(silence);
        }
    }

    @Override
    public void reply(Reply reply) {
        if (reply.kind() == Reply.Kind.ACCEPTED) {
            endWith(202);
            return;
        }
        byte[] body;
        try {
            body = reply.toBytes();
        } catch (RuntimeException | Error e) {
            // What a handler made cannot be written; the client must not wait for it.
            failed();
            throw e;
        }
        int status = status(reply.kind());
        boolean asEvent = !accept.json() && status == 200;
        if (asEvent || !events.leave()) {
            events.end(EventStream.event(null, body));
            return;
        }
        exchange.status(status);
        if (reply.kind() == Reply.Kind.BUSY) {
            exchange.header("Retry-After", "1");
        }
        if (reply.sessionId() != null) {
            exchange.header("Mcp-Session-Id", reply.sessionId());
        }
        exchange.header("Content-Type", "application/json");
        exchange.header("Content-Length", Integer.toString(body.length));
        exchange.end(body, ended);
    }

    @Override
    public void cancelled() {
        endWith(503);
    }

    /** The engine has failed in a way that it should not. */
    void failed() {
        endWith(500);
    }

    /** Ends without a message; a stream that has begun is broken off, for it lacks its answer. */
    private void endWith(int status) {
        if (events.leave()) {
            exchange.status(status);
            exchange.end(NOTHING, ended);
        } else {
            events.abort();
        }
    }

    private static int status(Reply.Kind kind) {
        return switch (kind) {
            case RESULT, ERROR -> 200;
            case ACCEPTED -> 202;
            case BAD_REQUEST -> 400;
            case METHOD_NOT_FOUND -> 404;
            case BUSY -> 503;
        };
    }
}
