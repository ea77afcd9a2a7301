package io.qicore.mcp.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.tool.ToolContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    private final Request request;
    private final ReplySink sink;
    private final Runnable onEnd;
    private final long deadline;
    private final CompletableFuture<Void> timer = new CompletableFuture<>();

    // Guarded by this.
    private final List<Runnable> cancelActions = new ArrayList<>(1);
    private Supplier<Reply> lateReply;
    private @Nullable Thread runner;
    private boolean interrupted;
    private boolean released;
    private boolean detached;
    private boolean closed;
    private boolean aborted;
    private boolean answered;
    private boolean ended;

    Call(Request request, ReplySink sink, Duration timeout, Runnable onEnd) {
        this.request = request;
        this.sink = sink;
        this.onEnd = onEnd;
        this.deadline = System.nanoTime() + timeout.toNanos();
        this.lateReply = () -> Replies.error(
                request.id(),
                Reply.Kind.ERROR,
                new RpcError(RpcError.INTERNAL_ERROR, request.method() + " took longer than " + timeout + "."));
        timer.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).whenComplete((nothing, expired) -> {
            if (expired instanceof TimeoutException) {
                // Apart from the timer's thread: a reply is written, and actions may block.
                Threads.start("mcp-deadline", this::expire);
            }
        });
    }

    /** Serves the request on this thread, unless it has been cancelled already. */
    void run(Method method) {
        boolean open;
        synchronized (this) {
            open = !closed;
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
                runner = null;
                released = true;
                if (interrupted) {
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

    void complete(ObjectNode result, Revision.ResultType type, boolean toolHasOutputSchema) {
        if (close(false)) {
            answer(() -> Replies.result(request.id(), request.revision().shape(result, type, toolHasOutputSchema)));
        }
    }

    private void fail(RpcException e) {
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
                sink.cancelled();
            } finally {
                abort();
                answered();
            }
        }
    }

    private void expire() {
        Supplier<Reply> reply;
        synchronized (this) {
            reply = lateReply;
        }
        if (close(true)) {
            try {
                sink.reply(reply.get());
            } finally {
                abort();
                answered();
            }
        }
    }

    private void answer(Supplier<Reply> reply) {
        try {
            sink.reply(reply.get());
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
        // Not cancel(): before Java 21 that leaves the timeout, and with it this call, in the JVM's queue.
        timer.complete(null);
        return true;
    }

    /** Tells the handler to stop. */
    private void abort() {
        List<Runnable> actions;
        synchronized (this) {
            actions = List.copyOf(cancelActions);
            cancelActions.clear();
            if (runner != null && runner != Thread.currentThread()) {
                interrupted = true;
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
        synchronized (this) {
            if (ended || !released || (detached && !answered)) {
                return;
            }
            ended = true;
        }
        onEnd.run();
    }

    @Override
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
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
}
