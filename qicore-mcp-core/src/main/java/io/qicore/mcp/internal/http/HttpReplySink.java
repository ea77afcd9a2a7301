package io.qicore.mcp.internal.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.header.Accept;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Writes the answer of the engine as one JSON object, or as a stream of server-sent events if there are notifications. The
 * stream begins with the first notification, so that until then the HTTP status can still report an error. For a client that
 * accepts JSON only, the response begins with blanks if the call takes long, which show whether the client is still there.
 * Thread-safe.
 */
final class HttpReplySink implements ReplySink {

    private static final byte[] EMPTY = new byte[0];

    private final Exchange exchange;
    private final Accept accept;
    private final EventStream events;
    private final Runnable ended;

    /**
     * Creates the sink of one call.
     *
     * @param control told when the client disconnects
     * @param ended runs when the exchange is over
     */
    HttpReplySink(Exchange exchange, Accept accept, CallControl control, Consumer<HttpReplySink> ended) {
        this.exchange = exchange;
        this.accept = accept;
        this.ended = () -> ended.accept(this);
        this.events = new EventStream(exchange, !accept.events(), control::disconnected, this.ended);
    }

    @Override
    public void notification(ObjectNode message) {
        if (accept.events()) {
            events.send(EventStream.event(null, message.toString().getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Sends a comment, or a blank before the JSON, which also detects whether the client has disconnected. */
    void keepAlive(Duration silence) {
        events.keepAlive(silence);
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
            // The result of a handler cannot be written as JSON. The client must not wait for it.
            failed();
            throw e;
        }
        int status = status(reply.kind());
        boolean asEvent = !accept.json() && status == 200;
        if (asEvent || !events.leave()) {
            events.end(accept.events() ? EventStream.event(null, body) : body);
            return;
        }
        exchange.status(status);
        if (reply.kind() == Reply.Kind.BUSY) {
            exchange.header(Reply.RETRY_AFTER, "1");
        }
        reply.headers().forEach(exchange::header);
        exchange.header("Content-Type", "application/json");
        exchange.header("Content-Length", Integer.toString(body.length));
        exchange.end(body, ended);
    }

    @Override
    public void cancelled() {
        endWith(503);
    }

    /** Answers with status 500, because the engine has thrown an exception. */
    void failed() {
        endWith(500);
    }

    /** Ends the exchange without a message. A stream that has begun is aborted, because its answer is missing. */
    private void endWith(int status) {
        if (events.leave()) {
            exchange.status(status);
            exchange.end(EMPTY, ended);
        } else {
            events.abort();
        }
    }

    static int status(Reply.Kind kind) {
        return switch (kind) {
            case RESULT, ERROR -> 200;
            case ACCEPTED -> 202;
            case BAD_REQUEST -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case BUSY -> 503;
        };
    }
}
