package io.qicore.mcp.internal.http;

import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.internal.connection.InFlight;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoint of MCP Streamable HTTP: hands the message of each POST to the engine. Thread-safe. */
public final class McpEndpoint {

    private static final Logger log = LoggerFactory.getLogger(McpEndpoint.class);
    private static final String LISTEN = "subscriptions/listen";

    private final MCPEngine engine;
    private final Admission admission;
    private final InFlight inFlight;
    private final Executor handlers;
    private final Set<HttpReplySink> open = ConcurrentHashMap.newKeySet();

    /**
     * @param inFlight takes note of each message from its admission until it has been answered
     * @param handlers run the engine
     */
    public McpEndpoint(MCPEngine engine, Admission admission, InFlight inFlight, Executor handlers) {
        this.engine = engine;
        this.admission = admission;
        this.inFlight = inFlight;
        this.handlers = handlers;
    }

    /** Serves a request. Blocks until its body is there, and, on an executor that runs tasks at once, while it is served. */
    public void serve(Exchange exchange) {
        Refusal refusal = admission.refuseMessage(exchange);
        Accept accept = Accept.of(exchange.header("Accept"));
        if (refusal == null && accept.nothing()) {
            refusal = new Refusal(406, "Answers are application/json or text/event-stream.");
        }
        if (refusal == null && !accept.events() && LISTEN.equals(exchange.header("Mcp-Method"))) {
            // It would wait for what it cannot be told. The engine refuses a message that its header does not name.
            refusal = new Refusal(406, LISTEN + " is answered with text/event-stream: accept it.");
        }
        if (refusal != null) {
            refusal.answer(exchange);
            return;
        }
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
        try {
            handlers.execute(() -> handle(body, CallMetadata.of(control).withHeaders(exchange::header), sink));
        } catch (RejectedExecutionException e) {
            // The application has given its executor a bound, or closed it.
            sink.cancelled();
        }
    }

    private void handle(byte[] body, CallMetadata metadata, HttpReplySink sink) {
        try {
            engine.handle(body, metadata, sink);
        } catch (RuntimeException | Error e) {
            // An error, too, such as too little stack for the message: no exchange may be left open for good.
            log.error("A message could not be served", e);
            sink.failed();
        }
    }

    /** The body, or null if it does not come or is too large, which has been answered then. */
    static byte @Nullable [] read(Exchange exchange, Admission admission) {
        byte[] body;
        try {
            body = exchange.body(admission.maxBodyBytes() + 1);
        } catch (IOException e) {
            // It took longer than the idle timeout, or the client has gone and nobody reads this.
            new Refusal(408, "The body did not arrive.").answer(exchange);
            return null;
        }
        if (body.length > admission.maxBodyBytes()) {
            admission.tooLarge().answer(exchange);
            return null;
        }
        return body;
    }

    /** Tells the clients of calls that nothing has been sent for that long that these are alive. */
    public void keepAlive(Duration silence) {
        open.forEach(sink -> sink.keepAlive(silence));
    }
}
