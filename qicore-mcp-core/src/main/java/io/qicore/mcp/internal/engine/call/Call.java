package io.qicore.mcp.internal.engine.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.engine.message.Reply;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.concurrent.Signal;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.engine.rpc.Failures;
import io.qicore.mcp.internal.engine.rpc.LogLevels;
import io.qicore.mcp.internal.engine.rpc.Replies;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.log.LogText;
import io.qicore.mcp.tool.ClientFeature;
import io.qicore.mcp.tool.InputResponses;
import io.qicore.mcp.tool.LogLevel;
import io.qicore.mcp.tool.RequestContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request while it is served. A call is closed once: by the answer of its method, by its deadline, which is
 * answered with an error, or by its cancellation, which is not answered. It ends when it is closed, the client has taken
 * the answer, and no thread serves it any more.
 *
 * <p>Thread-safe.
 */
public final class Call implements RequestContext {

    private static final Logger log = LoggerFactory.getLogger(Call.class);

    private static final int MAX_QUESTIONS = 20;
    private static final long NO_DEADLINE = Long.MAX_VALUE;

    private final Request request;
    private final CallOutput output;
    private final @Nullable Duration serverTimeout;
    private final Duration inputTimeout;
    private final Cancellation cancellation;
    private final Signal end = new Signal();
    private volatile InputResponses inputs = InputResponses.NONE;

    // Guarded by this.
    private @Nullable Duration timeout;
    private Supplier<Reply> lateReply = this::late;
    private long deadline = NO_DEADLINE;
    private boolean closed;
    private int questions;
    /** What the end of the call waits for: that the client takes the reply, and each thread that serves the request. */
    private int holds = 2;

    /**
     * @param timeout how long it may take; null for a call that ends with its client
     * @param inputTimeout how long its client may take to answer a question
     */
    Call(Request request, ReplySink sink, @Nullable Duration timeout, Duration inputTimeout) {
        this.request = request;
        this.output = new CallOutput(sink, new Progress(request.meta("progressToken")));
        this.cancellation = new Cancellation(request.method());
        this.serverTimeout = timeout;
        this.inputTimeout = inputTimeout;
        this.timeout = timeout;
        startClock(timeout);
    }

    /** Sets the deadline to the given time from now. {@link Deadlines} watches it. */
    private synchronized void startClock(@Nullable Duration limit) {
        if (!closed) {
            deadline = limit == null ? NO_DEADLINE : System.nanoTime() + limit.toNanos();
        }
        if (limit != null && serverTimeout != null && limit.compareTo(serverTimeout) < 0) {
            // Deadlines checks only once within the server's timeout, which is too late for a shorter one.
            CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(this::checkDeadline);
        }
    }

    /** Restarts the deadline with the timeout of the called tool, instead of the server's. */
    public synchronized void setTimeout(Duration toolTimeout) {
        timeout = toolTimeout;
        startClock(toolTimeout);
    }

    /** Returns the request that is served. */
    public Request request() {
        return request;
    }

    /** Returns what is called, for the log: the method and the tool or prompt that it names. */
    public String description() {
        JsonNode name = request.params().get("name");
        return request.method() + (name == null || !name.isTextual() ? "" : " " + LogText.of(name.textValue()));
    }

    /** Serves the request on this thread, unless it has been cancelled already. Must be called once. */
    public void run(Method method) {
        // First, so that a thread that closes the call after the check below finds this thread.
        boolean interrupted = cancellation.enter();
        try {
            if (!isClosed()) {
                method.serve(this);
            }
        } catch (RpcException e) {
            fail(e);
        } catch (Throwable e) {
            fail(e);
        } finally {
            cancellation.leave(interrupted);
            release();
        }
    }

    /** Extends the deadline while the client asks its user, which takes longer than a handler may. */
    public void awaitClient() throws RpcException {
        synchronized (this) {
            questions++;
            if (questions > MAX_QUESTIONS) {
                throw RpcException.internal(request.method() + " asked " + MAX_QUESTIONS + " times without an end.");
            }
        }
        startClock(inputTimeout);
    }

    /** Continues on another thread, with a new deadline. */
    public void resume(Method next) {
        synchronized (this) {
            startClock(timeout);
        }
        Threads.run("mcp-resumed", () -> {
            // For a moment two threads may serve the call: the client can answer before the asking thread has left.
            hold();
            run(next);
        });
    }

    /** Sets the reply that is sent when the deadline passes, instead of a JSON-RPC error. */
    public synchronized void setLateReply(Supplier<Reply> reply) {
        lateReply = reply;
    }

    private synchronized Reply late() {
        return error(new RpcError(RpcError.INTERNAL_ERROR, request.method() + " took longer than " + timeout + "."));
    }

    private Reply error(RpcError error) {
        return Replies.error(request.id(), Reply.Kind.ERROR, error);
    }

    /** Sets the client's answers that this round of the request carries. */
    void setInputs(InputResponses responses) {
        inputs = responses;
    }

    /** Runs an action when the call ends, or immediately if it has ended. */
    public void onEnd(Runnable action) {
        end.then(action);
    }

    /** Tells the call that the server is about to stop: a subscription ends, other calls continue. */
    void stopping() {
        request.metadata().control().stopping();
    }

    /** Returns whether the client can take another notification; otherwise runs the action when it can. */
    public boolean isReady(Runnable whenReady) {
        return output.isReady(whenReady);
    }

    /** Sends a notification or a request to the client, unless the call has been answered or cancelled. */
    public void send(ObjectNode message) {
        output.send(message);
    }

    /** Answers with a result. Returns false if the call has been answered or cancelled before. */
    public boolean complete(ObjectNode result, Revision.ResultType type) {
        return complete(result, type, Map.of());
    }

    /** @param headers what a transport with headers sends with the result */
    public boolean complete(ObjectNode result, Revision.ResultType type, Map<String, String> headers) {
        boolean first = close();
        if (first) {
            answer(() -> Replies.result(request.id(), request.revision().shape(result, type), headers));
        }
        return first;
    }

    /** Answers with the error of a faulty request. */
    public void fail(RpcException e) {
        if (close()) {
            answer(() -> Replies.error(request.id(), e));
        }
    }

    /** Answers with an unexpected failure. Its details go to the log only. */
    public void fail(Throwable e) {
        if (close()) {
            answer(() -> error(Failures.toRpc(log, request.method(), e)));
        } else {
            log.debug("{} failed after it had been answered or cancelled", request.method(), LogText.of(e));
        }
    }

    /** Cancels without an answer. */
    public void cancel() {
        if (close()) {
            // The handler first: it must not continue while a slow client reads.
            try {
                cancellation.cancel();
            } finally {
                try {
                    output.cancelled();
                } finally {
                    release();
                }
            }
        }
    }

    /** Returns the nanoseconds until the deadline. If the deadline has passed, answers the call on another thread. */
    long checkDeadline() {
        long left = left();
        if (left > 0) {
            return left;
        }
        // On another thread, since writing the reply may block and the caller has other calls to check.
        Threads.run("mcp-deadline", this::expire);
        return NO_DEADLINE;
    }

    private synchronized long left() {
        return closed || deadline == NO_DEADLINE ? NO_DEADLINE : deadline - System.nanoTime();
    }

    private void expire() {
        Supplier<Reply> reply;
        synchronized (this) {
            if (left() > 0) {
                // The call has been answered or given more time meanwhile.
                return;
            }
            closed = true;
            reply = lateReply;
        }
        try {
            cancellation.cancel();
        } finally {
            answer(reply);
        }
    }

    private void answer(Supplier<Reply> reply) {
        // An interrupt that the handler has left behind would keep a transport that blocks from sending the reply.
        cancellation.clearInterrupt();
        Signal taken = new Signal();
        taken.then(this::release);
        try {
            output.reply(reply.get(), () -> taken.give().forEach(Runnable::run));
        } catch (RuntimeException | Error e) {
            taken.give().forEach(Runnable::run);
            throw e;
        }
    }

    private synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void hold() {
        holds++;
    }

    private void release() {
        synchronized (this) {
            holds--;
            if (holds > 0) {
                return;
            }
        }
        end.give().forEach(Runnable::run);
    }

    @Override
    public Duration remaining() {
        long limit;
        synchronized (this) {
            limit = deadline;
        }
        return Duration.ofNanos(limit == NO_DEADLINE ? Long.MAX_VALUE : Math.max(0, limit - System.nanoTime()));
    }

    @Override
    public boolean isCancelled() {
        return cancellation.isCancelled();
    }

    @Override
    public void onCancel(Runnable action) {
        cancellation.onCancel(action);
    }

    @Override
    public Caller caller() {
        return request.metadata().caller();
    }

    @Override
    public boolean clientSupports(ClientFeature feature) {
        return request.client().features().contains(feature);
    }

    @Override
    public InputResponses inputs() {
        return inputs;
    }

    @Override
    public void progress(double done, @Nullable Double total, @Nullable String message) {
        output.progress(done, total, message);
    }

    @Override
    public void log(LogLevel level, String logger, Object data) {
        LogLevel wanted = request.client().logLevel();
        if (wanted != null && level.compareTo(wanted) >= 0) {
            send(LogLevels.notification(level, logger, data));
        }
    }

    @Override
    public Map<String, String> traceContext() {
        return request.traceContext();
    }
}
