package io.qicore.mcp.internal.http;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.internal.connection.InFlight;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.header.Accept;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoint of MCP Streamable HTTP, which passes the message of each POST request to the engine. Thread-safe. */
public final class McpEndpoint {

    private static final Logger log = LoggerFactory.getLogger(McpEndpoint.class);
    private final MCPEngine engine;
    private final Admission admission;
    private final InFlight inFlight;
    private final Executor handlers;
    private final Set<HttpReplySink> open = ConcurrentHashMap.newKeySet();

    /**
     * Creates the endpoint.
     *
     * @param engine handles the messages
     * @param admission decides which requests are accepted
     * @param inFlight holds each message until it has been answered
     * @param handlers runs the engine
     */
    public McpEndpoint(MCPEngine engine, Admission admission, InFlight inFlight, Executor handlers) {
        this.engine = engine;
        this.admission = admission;
        this.inFlight = inFlight;
        this.handlers = handlers;
    }

    /**
     * Handles a request. Blocks until its body has arrived, unless it is authenticated on another thread; with an executor that runs tasks on the calling thread, also until
     * the call has ended.
     */
    public void serve(Exchange exchange) {
        if (admission.answers(exchange, "POST")) {
            return;
        }
        Refusal refusal = admission.refuseBody(exchange);
        Accept accept = Accept.of(exchange.header("Accept"));
        if (refusal == null && accept.nothing()) {
            refusal = new Refusal(406, "Answers are application/json or text/event-stream.");
        }
        if (refusal == null && !accept.events() && MethodNames.LISTEN.equals(exchange.header("Mcp-Method"))) {
            // The client could not receive the notifications. The header can be trusted here, because the engine
            // refuses a
            // message that does not agree with it.
            refusal = new Refusal(406, MethodNames.LISTEN + " is answered with text/event-stream: accept it.");
        }
        if (refusal != null) {
            refusal.answer(exchange);
            return;
        }
        admission.authenticate(exchange, caller -> receive(exchange, accept, caller));
    }

    private void receive(Exchange exchange, Accept accept, Caller caller) {
        byte[] body = read(exchange, admission);
        if (body == null) {
            return;
        }
        exchange.detach();
        CallControl control = new CallControl();
        if (!inFlight.begin(control)) {
            Refusal.stopping().answer(exchange);
            return;
        }
        exchange.onDisconnect(control::disconnected);
        HttpReplySink sink = new HttpReplySink(exchange, accept, control, ended -> {
            open.remove(ended);
            inFlight.end(control);
        });
        open.add(sink);
        CallMetadata metadata =
                CallMetadata.of(control).withHeaders(exchange::header).withCaller(caller);
        try {
            handlers.execute(() -> handle(body, metadata, sink));
        } catch (RejectedExecutionException e) {
            // The executor of the application has a limit or has been shut down.
            sink.cancelled();
        }
    }

    private void handle(byte[] body, CallMetadata metadata, HttpReplySink sink) {
        try {
            engine.handle(body, metadata, sink);
        } catch (RuntimeException | Error e) {
            // Errors, such as a stack overflow, are caught, too: every exchange must be ended.
            log.error("A message could not be handled", e);
            sink.failed();
        }
    }

    /** Returns the body; null if it does not arrive or is too large, which this method has answered then. */
    static byte @Nullable [] read(Exchange exchange, Admission admission) {
        byte[] body;
        try {
            body = exchange.body(admission.maxBodyBytes() + 1);
        } catch (IOException e) {
            // The idle timeout has passed, or the client has disconnected and does not receive this answer.
            new Refusal(408, "The body did not arrive.").answer(exchange);
            return null;
        }
        if (body.length > admission.maxBodyBytes()) {
            admission.tooLarge().answer(exchange);
            return null;
        }
        return body;
    }

    /** Sends a comment for each call for which nothing has been sent for the given time. */
    public void keepAlive(Duration silence) {
        open.forEach(sink -> sink.keepAlive(silence));
    }
}
