package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.interaction.ClientFeature;
import io.qicore.mcp.interaction.InputResponses;
import io.qicore.mcp.interaction.LogLevel;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.json.Json;
import io.qicore.mcp.tool.ToolContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request while it is served. It is answered at most once: by its method, by its deadline, or, when it is cancelled,
 * not at all. It ends when the method has let go of its thread, or was answered if it holds none.
 */
final class Call implements ToolContext {

    private static final Logger log = LoggerFactory.getLogger(Call.class);
    private static final int MAX_QUESTIONS = 20;
    private static final long NO_DEADLINE = Long.MAX_VALUE;
    private static final List<String> TRACE_KEYS = List.of("traceparent", "tracestate", "baggage");

    private final Request request;
    private final ReplySink sink;
    private final @Nullable Duration timeout;
    private final Progress progress;
    private final AtomicInteger questions = new AtomicInteger();
    private volatile InputResponses inputs = InputResponses.NONE;

    // Nothing follows a reply, and two messages do not mix. Taken before the monitor of this, never after.
    private final Object sinkLock = new Object();

    // Guarded by this.
    private final List<Runnable> cancelActions = new ArrayList<>(1);
    private final List<Runnable> endActions = new ArrayList<>(0);
    private Supplier<Reply> lateReply;
    private long deadline = NO_DEADLINE;
    private @Nullable Thread runner;
    private @Nullable Thread interrupted;
    private boolean started;
    private int holders;
    private boolean detached;
    private boolean closed;
    private boolean aborted;
    private boolean answered;
    private boolean ended;

    /** @param timeout how long it may take; null for a call that ends with its client */
    Call(Request request, ReplySink sink, @Nullable Duration timeout) {
        this.request = request;
        this.sink = sink;
        this.progress = new Progress(request.meta("progressToken"));
        this.timeout = timeout;
        this.lateReply = () -> Replies.error(
                request.id(),
                Reply.Kind.ERROR,
                new RpcError(RpcError.INTERNAL_ERROR, request.method() + " took longer than " + timeout + "."));
        startClock(timeout);
    }

    /** Starts the time that the call may take, anew if it has been started before. {@link Deadlines} watches it. */
    private synchronized void startClock(@Nullable Duration limit) {
        if (!closed) {
            deadline = limit == null ? NO_DEADLINE : System.nanoTime() + limit.toNanos();
        }
    }

    /** The handler has asked the client, who has people to ask: that takes longer than a handler may. */
    void awaitClient() throws RpcException {
        if (questions.incrementAndGet() > MAX_QUESTIONS) {
            throw RpcException.internal(request.method() + " asked " + MAX_QUESTIONS + " times without an end.");
        }
        detach();
        startClock(MCPEngine.INPUT_TIMEOUT);
    }

    /** Goes on, on a thread of its own, with the time of a new call. */
    void resume(Resumed next) {
        startClock(timeout);
        Threads.start("mcp-resumed", () -> run((ignored, self) -> next.run()));
    }

    /** What goes on. */
    @FunctionalInterface
    interface Resumed {
        void run() throws RpcException;
    }

    /** Serves the request on this thread, unless it has been cancelled already. */
    void run(Method method) {
        boolean open;
        synchronized (this) {
            open = !closed;
            started = true;
            // Two for a moment, when the client answers before the thread that asked has left.
            holders++;
            if (open) {
                runner = Thread.currentThread();
            }
        }
        try {
            if (open) {
                method.serve(request, this);
            }
        } catch (RpcException e) {
            fail(e);
        } catch (Throwable e) {
            fail(e);
        } finally {
            synchronized (this) {
                holders--;
                if (runner == Thread.currentThread()) {
                    runner = null;
                }
                if (interrupted == Thread.currentThread()) {
                    // The interrupt was meant for the handler, not for what this thread does next.
                    Thread.interrupted();
                }
            }
            endIfDone();
        }
    }

    /** The method goes on without a thread of its own and will complete the call later. */
    synchronized void detach() {
        detached = true;
    }

    /** What to answer when the deadline passes, instead of a JSON-RPC error. */
    synchronized void setLateReply(Supplier<Reply> reply) {
        lateReply = reply;
    }

    /** The answers of the client that this round of the request brings along. */
    void setInputs(InputResponses responses) {
        inputs = responses;
    }

    /** Runs an action when the call has ended, at once if it has. */
    void onEnd(Runnable action) {
        synchronized (this) {
            if (!ended) {
                endActions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Answers with a result; false if the call has been answered or cancelled before. */
    boolean complete(ObjectNode result, Revision.ResultType type) {
        return complete(result, type, null);
    }

    /** @param sessionId what an HTTP client of an older revision is to repeat from now on, or null */
    boolean complete(ObjectNode result, Revision.ResultType type, @Nullable String sessionId) {
        boolean first = close(false);
        if (first) {
            answer(() -> Replies.result(request.id(), request.revision().shape(result, type), sessionId));
        }
        return first;
    }

    /** Sends a notification, or a request to the client, unless the call has been answered or cancelled. */
    void send(ObjectNode message) {
        synchronized (sinkLock) {
            synchronized (this) {
                if (closed) {
                    return;
                }
            }
            sink.notification(message);
        }
    }

    /** Answers with a fault in the request. */
    void fail(RpcException e) {
        if (close(false)) {
            answer(() -> Replies.error(request.id(), e.kind(), e.error()));
        }
    }

    /** An unexpected failure: details go to the log only. */
    void fail(Throwable e) {
        if (close(false)) {
            answer(() -> unexpected(e));
        } else {
            log.debug("{} failed after it had been answered or cancelled", request.method(), e);
        }
    }

    /** Cancels without an answer. */
    void cancel() {
        if (close(true)) {
            try {
                synchronized (sinkLock) {
                    sink.cancelled();
                }
            } finally {
                abort();
                answered();
            }
        }
    }

    /** Nanoseconds until the deadline. If it has passed, that is answered, the handler told to stop, and it is far away. */
    long checkDeadline() {
        Supplier<Reply> reply;
        synchronized (this) {
            if (closed || deadline == NO_DEADLINE) {
                return NO_DEADLINE;
            }
            long left = deadline - System.nanoTime();
            if (left > 0) {
                return left;
            }
            closed = true;
            aborted = true;
            reply = lateReply;
        }
        // Apart from the caller, who has other calls to look after: a reply is written, and actions may block.
        Threads.start("mcp-deadline", () -> expire(reply));
        return NO_DEADLINE;
    }

    private void expire(Supplier<Reply> reply) {
        try {
            synchronized (sinkLock) {
                sink.reply(reply.get());
            }
        } finally {
            abort();
            answered();
        }
    }

    private void answer(Supplier<Reply> reply) {
        try {
            synchronized (sinkLock) {
                sink.reply(reply.get());
            }
        } finally {
            answered();
        }
    }

    private Reply unexpected(Throwable e) {
        String correlationId = Failures.log(log, request.method(), e);
        return Replies.error(
                request.id(),
                Reply.Kind.ERROR,
                new RpcError(RpcError.INTERNAL_ERROR, Failures.message(request.method(), correlationId)));
    }

    private synchronized boolean close(boolean abort) {
        if (closed) {
            return false;
        }
        closed = true;
        aborted = abort;
        return true;
    }

    /** Tells the handler to stop. */
    private void abort() {
        List<Runnable> actions;
        synchronized (this) {
            actions = List.copyOf(cancelActions);
            cancelActions.clear();
            if (runner != null && runner != Thread.currentThread()) {
                interrupted = runner;
                runner.interrupt();
            }
        }
        if (!actions.isEmpty()) {
            // An action may have to reach a remote service; nobody who cancels should wait for that.
            Threads.start("mcp-cancel", () -> actions.forEach(this::runAction));
        }
    }

    private void runAction(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            log.warn("A cancel action of {} failed", request.method(), e);
        }
    }

    private void answered() {
        synchronized (this) {
            answered = true;
        }
        endIfDone();
    }

    private void endIfDone() {
        List<Runnable> actions;
        synchronized (this) {
            if (ended || !started || holders > 0 || (detached && !answered)) {
                return;
            }
            ended = true;
            actions = List.copyOf(endActions);
        }
        actions.forEach(Runnable::run);
    }

    @Override
    public Duration remaining() {
        long end;
        synchronized (this) {
            end = deadline;
        }
        return Duration.ofNanos(end == NO_DEADLINE ? Long.MAX_VALUE : Math.max(0, end - System.nanoTime()));
    }

    @Override
    public synchronized boolean isCancelled() {
        return aborted;
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (!aborted) {
                cancelActions.add(action);
                return;
            }
        }
        runAction(action);
    }

    @Override
    public @Nullable String principal() {
        return request.metadata().principal();
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
        synchronized (sinkLock) {
            // Not apart: the one that is further must not be overtaken on its way out.
            progress.notification(done, total, message).ifPresent(this::send);
        }
    }

    @Override
    public void log(LogLevel level, String logger, Object data) {
        LogLevel wanted = request.client().logLevel();
        if (wanted != null && level.compareTo(wanted) >= 0) {
            ObjectNode params = Json.object()
                    .put("level", level.name().toLowerCase(Locale.ROOT))
                    .put("logger", logger);
            params.set("data", Json.MAPPER.valueToTree(data));
            send(Replies.notification("notifications/message", params));
        }
    }

    @Override
    public Map<String, String> traceContext() {
        Map<String, String> trace = new LinkedHashMap<>();
        for (String key : TRACE_KEYS) {
            JsonNode value = request.meta(key);
            if (value != null && value.isTextual()) {
                trace.put(key, value.textValue());
            }
        }
        return trace;
    }
}
