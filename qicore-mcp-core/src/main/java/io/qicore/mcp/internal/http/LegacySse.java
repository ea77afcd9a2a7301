package io.qicore.mcp.internal.http;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.internal.connection.Backlog;
import io.qicore.mcp.internal.connection.Conversation;
import io.qicore.mcp.internal.connection.InFlight;
import io.qicore.mcp.internal.header.Accept;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * HTTP+SSE of MCP 2024-11-05: a client receives all messages on one stream and sends its own to a second endpoint. A token
 * that only its client knows identifies the stream; messages without the token of an open stream are refused. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse">MCP 2024-11-05,
 *     HTTP with SSE</a>
 */
public final class LegacySse {

    /** The path of the stream. */
    public static final String STREAM_PATH = "/sse";

    /** The path of the endpoint for messages. */
    public static final String MESSAGES_PATH = "/messages";

    /** The path of Streamable HTTP beside it, which the public URL of the server names. */
    private static final String MCP_PATH = "/mcp";

    private static final int TOKEN_BYTES = 24;
    private static final Duration STREAM_END_TIMEOUT = Duration.ofSeconds(1);
    private static final byte[] EMPTY = new byte[0];

    private final MCPEngine engine;
    private final Admission admission;
    private final Transfers transfers;
    private final InFlight calls;
    private final Executor handlers;
    private final Backlog backlog;
    private final int maxStreams;
    private final Semaphore free;
    private final SecureRandom random = new SecureRandom();
    private final InFlight exchanges = new InFlight();
    private final Map<String, Stream> streams = new ConcurrentHashMap<>();

    /** The stream of one client, which belongs to the caller that has opened it, and the exchange of messages with it. */
    private record Stream(Caller owner, EventStream events, Conversation conversation) {}

    /**
     * Creates the two endpoints.
     *
     * @param engine handles the messages
     * @param admission decides which requests are accepted
     * @param transfers limits the memory and the time of messages that are transferred
     * @param calls holds each message until it has been answered
     * @param handlers runs the engine, on threads other than those that receive the messages
     * @param maxStreams how many streams may be open at once
     */
    public LegacySse(
            MCPEngine engine,
            Admission admission,
            Transfers transfers,
            InFlight calls,
            Executor handlers,
            int maxStreams) {
        this.engine = engine;
        this.admission = admission;
        this.transfers = transfers;
        this.calls = calls;
        this.handlers = handlers;
        this.backlog = Backlog.forCalls(engine.maxConcurrentCalls());
        this.maxStreams = maxStreams;
        this.free = new Semaphore(maxStreams);
    }

    /** Handles a request that opens a stream. Does not block. */
    public void open(Exchange exchange) {
        if (admission.answers(exchange, "GET")) {
            return;
        }
        if (!Accept.of(exchange.header("Accept")).events()) {
            new Refusal(406, "A stream is text/event-stream: accept it.").answer(exchange);
            return;
        }
        admission.authenticate(exchange, caller -> open(exchange, caller));
    }

    private void open(Exchange exchange, Caller caller) {
        if (!free.tryAcquire()) {
            new Refusal(503, maxStreams + " streams are open already.").answer(exchange);
            return;
        }
        CallControl control = new CallControl();
        if (!exchanges.begin(control)) {
            free.release();
            Refusal.stopping().answer(exchange);
            return;
        }
        exchange.detach();
        String token = token();
        EventStream events = new EventStream(exchange, false, transfers, () -> close(token), () -> {
            close(token);
            free.release();
            exchanges.end(control);
        });
        Conversation conversation = new Conversation(
                engine::handle, handlers, calls, caller, message -> events.send(EventStream.event("message", message)));
        streams.put(token, new Stream(caller, events, conversation));
        exchange.onDisconnect(() -> close(token));
        String endpoint = admission.pathPrefix(MCP_PATH) + MESSAGES_PATH + "?t=" + token;
        events.send(EventStream.event("endpoint", endpoint.getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * Handles a message. Does not wait for its body; the answer is sent on the stream.
     *
     * @param token the token of the stream, as the client has sent it; null if it has not sent one
     */
    public void receive(Exchange exchange, @Nullable String token) {
        if (admission.answers(exchange, "POST")) {
            return;
        }
        Refusal refusal = admission.refuseBody(exchange);
        if (refusal != null) {
            refusal.answer(exchange);
            return;
        }
        admission.authenticate(exchange, caller -> read(exchange, token, caller));
    }

    private void read(Exchange exchange, @Nullable String token, Caller caller) {
        Stream stream = token == null ? null : streams.get(token);
        if (stream == null || !stream.owner().isSameAs(caller)) {
            new Refusal(404, "No stream with this token is open here. Open one with GET " + STREAM_PATH + ".")
                    .answer(exchange);
            return;
        }
        ByteBudget.Share memory = transfers.budget().share();
        Body.read(exchange, admission, transfers, memory, body -> {
            exchange.detach();
            receive(exchange, stream, body, caller, memory);
        });
    }

    private void receive(Exchange exchange, Stream stream, byte[] body, Caller caller, ByteBudget.Share memory) {
        Refusal refusal = Refusal.stopping();
        if (!backlog.tryBegin(body.length)) {
            refusal = new Refusal(503, "Too many messages are being handled. Try again in a second.");
        } else if (received(stream, body, caller, memory)) {
            exchange.status(202);
            exchange.end(EMPTY, () -> {});
            return;
        } else {
            backlog.end(body.length);
        }
        memory.release();
        refusal.answer(exchange);
    }

    private boolean received(Stream stream, byte[] body, Caller caller, ByteBudget.Share memory) {
        try {
            return stream.conversation().receive(body, caller, () -> {
                backlog.end(body.length);
                memory.release();
            });
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    /** Sends a comment on each stream that has been silent for the given time, which also detects disconnected clients. */
    public void keepAlive(Duration silence) {
        streams.values().forEach(stream -> stream.events().keepAlive(silence));
    }

    /** Ends the streams of some callers. */
    void endStreams(Predicate<Caller> callers) {
        for (Stream stream : streams.values()) {
            if (callers.test(stream.owner())) {
                stream.events().end(null);
            }
        }
    }

    /** Refuses new streams and ends the open ones. Calls in flight can no longer be answered, so drain them first. */
    public void stop() {
        exchanges.drain(STREAM_END_TIMEOUT, () -> streams.values()
                .forEach(stream -> stream.events().end(null)));
    }

    private void close(String token) {
        Stream stream = streams.remove(token);
        if (stream != null) {
            stream.conversation().disconnected();
            stream.events().abort();
        }
    }

    private String token() {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }
}
