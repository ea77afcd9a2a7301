package io.qicore.mcp.internal.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.engine.rpc.Replies;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.header.Accept;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.internal.log.LogLimit;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the answer of the engine as one JSON object, or as a stream of server-sent events if there are notifications. The
 * stream begins with the first notification, so that until then the HTTP status can still report an error. For a client that
 * accepts JSON only, the response begins with blanks if the call takes long, which show whether the client is still there.
 * Thread-safe.
 */
final class HttpReplySink implements ReplySink {

    private static final Logger log = LoggerFactory.getLogger(HttpReplySink.class);
    private static final LogLimit DROPPED = new LogLimit(1);
    private static final byte[] EMPTY = new byte[0];
    private static final Runnable NOTHING = () -> {};

    private final Exchange exchange;
    private final Accept accept;
    private final CallMetadata call;
    private final ResourceMetadata metadata;
    private final Transfers transfers;
    private final ByteBudget.Share memory;
    private final EventStream events;
    private final Runnable ended;
    private volatile Runnable taken = NOTHING;

    // Of the answer as one JSON object; the stream keeps its own.
    private volatile int answerBytes;
    private volatile long answeredAt;

    /**
     * Creates the sink of one call.
     *
     * @param call the metadata of the call, which is told when the client disconnects
     * @param metadata completes challenges
     * @param memory what the request holds; takes the answer, too, and is released when the client has it
     * @param ended runs when the exchange is over
     */
    HttpReplySink(
            Exchange exchange,
            Accept accept,
            CallMetadata call,
            ResourceMetadata metadata,
            Transfers transfers,
            ByteBudget.Share memory,
            Consumer<HttpReplySink> ended) {
        this.exchange = exchange;
        this.accept = accept;
        this.call = call;
        this.metadata = metadata;
        this.transfers = transfers;
        this.memory = memory;
        this.ended = () -> {
            memory.release();
            try {
                ended.accept(this);
            } finally {
                taken.run();
            }
        };
        this.events = new EventStream(exchange, !accept.events(), transfers, call.control()::disconnected, this.ended);
    }

    @Override
    public void notification(ObjectNode message) {
        if (accept.events()) {
            events.send(EventStream.event(null, Json.bytes(message)));
        }
    }

    @Override
    public boolean isReady(Runnable whenReady) {
        return events.isReady(whenReady);
    }

    /**
     * Sends a comment, or a blank before the JSON, which also detects whether the client has disconnected. Disconnects a client
     * that reads too slowly.
     */
    void keepAlive(Duration silence) {
        if (answerBytes > 0) {
            if (transfers.tooLong(answerBytes, System.nanoTime() - answeredAt)) {
                exchange.disconnect();
            }
        } else {
            events.keepAlive(silence);
        }
    }

    /** Returns the metadata of the call. */
    CallMetadata call() {
        return call;
    }

    @Override
    public void reply(Reply reply, Runnable whenTaken) {
        taken = whenTaken;
        reply(reply);
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
        memory.handled();
        boolean dropped = body.length > ByteBudget.SMALL && !memory.grow(body.length);
        if (dropped) {
            if (DROPPED.allows()) {
                log.warn("An answer of {} bytes is dropped: other clients have not read theirs yet", body.length);
            }
            reply = tooLarge(reply);
            body = reply.toBytes();
        }
        int status = status(reply.kind());
        boolean asEvent = !accept.json() && status == 200;
        if (asEvent || !events.leave()) {
            events.end(accept.events() ? EventStream.event(null, body) : body);
            return;
        }
        exchange.status(status);
        if (reply.kind() == Reply.Kind.BUSY && !dropped) {
            exchange.header(Reply.RETRY_AFTER, "1");
        }
        metadata.complete(reply.headers()).forEach(exchange::header);
        exchange.header("Content-Type", "application/json");
        exchange.header("Content-Length", Integer.toString(body.length));
        answeredAt = System.nanoTime();
        answerBytes = body.length;
        exchange.end(body, ended);
    }

    /** Returns the error for a client whose answer does not fit into the memory. */
    private static Reply tooLarge(Reply reply) {
        JsonNode message = Objects.requireNonNull(reply.message());
        RpcError error = new RpcError(
                RpcError.BUSY,
                "The call has been carried out, but the server has no memory for its answer while other clients do not read"
                        + " theirs. Ask for less, or again in a second if the call changes nothing.");
        return Replies.error(message.get("id"), Reply.Kind.BUSY, error);
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
            case TOO_MANY_REQUESTS -> 429;
            case BUSY -> 503;
        };
    }
}
