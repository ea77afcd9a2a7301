package io.qicore.mcp.internal.http;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.CallMetadata;
import io.qicore.mcp.internal.connection.InFlight;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.header.Accept;
import io.qicore.mcp.internal.log.LogText;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoint of MCP Streamable HTTP, which passes the message of each POST request to the engine. Thread-safe. */
public final class McpEndpoint {

    private static final Logger log = LoggerFactory.getLogger(McpEndpoint.class);
    private final MCPEngine engine;
    private final Admission admission;
    private final Transfers transfers;
    private final InFlight inFlight;
    private final Executor handlers;
    private final Set<HttpReplySink> open = ConcurrentHashMap.newKeySet();

    /**
     * Creates the endpoint.
     *
     * @param engine handles the messages
     * @param admission decides which requests are accepted
     * @param transfers limits the memory and the time of messages that are transferred
     * @param inFlight holds each message until its answer has been taken
     * @param handlers runs the engine
     */
    public McpEndpoint(
            MCPEngine engine, Admission admission, Transfers transfers, InFlight inFlight, Executor handlers) {
        this.engine = engine;
        this.admission = admission;
        this.transfers = transfers;
        this.inFlight = inFlight;
        this.handlers = handlers;
    }

    /**
     * Handles a request. Does not wait for its body or for its authentication. If the body is there already, the caller is known
     * and the executor runs tasks on the calling thread, blocks until the call has ended.
     */
    public void serve(Exchange exchange) {
        if (admission.answers(exchange, "POST")) {
            return;
        }
        Refusal refusal = admission.refuseBody(exchange);
        Accept accept = Accept.of(exchange.header("Accept"));
        if (refusal == null && inFlight.isDraining()) {
            refusal = Refusal.stopping();
        }
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
        admission.authenticate(exchange, caller -> {
            ByteBudget.Share memory = transfers.budget().share();
            Body.read(exchange, admission, transfers, memory, body -> call(exchange, accept, caller, body, memory));
        });
    }

    private void call(Exchange exchange, Accept accept, Caller caller, byte[] body, ByteBudget.Share memory) {
        exchange.detach();
        CallControl control = new CallControl();
        if (!inFlight.begin(control)) {
            memory.release();
            Refusal.stopping().answer(exchange);
            return;
        }
        exchange.onDisconnect(control::disconnected);
        CallMetadata metadata =
                CallMetadata.of(control).withHeaders(exchange::header).withCaller(caller);
        HttpReplySink sink =
                new HttpReplySink(exchange, accept, metadata, admission.metadata(), transfers, memory, ended -> {
                    open.remove(ended);
                    inFlight.end(control);
                });
        open.add(sink);
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
            log.error("A message could not be handled", LogText.of(e));
            sink.failed();
        }
    }

    /**
     * Sends a comment for each call for which nothing has been sent for the given time, and disconnects clients that do not
     * read.
     */
    public void keepAlive(Duration silence) {
        open.forEach(sink -> sink.keepAlive(silence));
    }

    /** Ends the subscriptions of some callers with an answer. Their other calls go on. */
    void endStreams(Predicate<Caller> callers) {
        for (HttpReplySink sink : open) {
            if (callers.test(sink.call().caller())) {
                sink.call().control().stopping();
            }
        }
    }
}
