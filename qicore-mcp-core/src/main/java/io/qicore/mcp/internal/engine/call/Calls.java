package io.qicore.mcp.internal.engine.call;

import io.qicore.mcp.engine.message.CallControl;
import io.qicore.mcp.engine.message.ReplySink;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The calls in flight of one kind: limits their number and ends them. Thread-safe. */
public final class Calls {

    private final String what;
    private final int limit;
    private final Semaphore places;
    private final Set<Call> open = ConcurrentHashMap.newKeySet();
    private final @Nullable Duration timeout;
    private final Duration inputTimeout;
    private final @Nullable Deadlines deadlines;
    private volatile boolean closed;

    /**
     * @param what what clients read of the limit, such as "calls are in flight"
     * @param limit how many there may be at once
     * @param timeout how long each may take; null for calls that last until somebody ends them
     * @param inputTimeout how long a client may take to answer a question
     */
    public Calls(String what, int limit, @Nullable Duration timeout, Duration inputTimeout) {
        this.what = what;
        this.limit = limit;
        this.places = new Semaphore(limit);
        this.timeout = timeout;
        this.inputTimeout = inputTimeout;
        this.deadlines = timeout == null ? null : new Deadlines(open, timeout);
    }

    /** Returns how many there may be at once. */
    public int limit() {
        return limit;
    }

    /**
     * Serves a request. Blocks this thread as long as the method does.
     *
     * @throws RpcException if too many calls are in flight, or another call of the client has the same id
     */
    public void serve(Method method, Request request, ReplySink sink) throws RpcException {
        if (!places.tryAcquire()) {
            throw RpcException.busy(limit + " " + what);
        }
        CallControl control = request.metadata().control();
        ConnectionState connection = ConnectionState.of(request.metadata());
        if (connection != null && !connection.begin(request.id(), control)) {
            places.release();
            throw RpcException.badRequest(
                    RpcError.INVALID_REQUEST, "A request with the id " + request.id() + " is in flight already.");
        }
        Call call = new Call(request, sink, timeout, inputTimeout);
        open.add(call);
        if (deadlines != null) {
            deadlines.watch();
        }
        call.onEnd(() -> {
            open.remove(call);
            if (connection != null) {
                connection.end(request.id());
            }
            places.release();
        });
        control.onCancel(call::cancel);
        if (request.revision().disconnectCancels()) {
            control.onDisconnect(call::cancel);
        }
        // Checked after the call was added: either close() finds the call, or the call finds that it is closed.
        call.run(closed ? Calls::refuse : method);
    }

    private static void refuse(Call call) throws RpcException {
        throw RpcException.stopping();
    }

    /**
     * Tells the calls in flight that the server stops, which ends subscriptions, and waits for all of them.
     *
     * @return the calls that are still in flight after the given time, or when this thread is interrupted
     */
    public List<Call> drain(Duration patience) {
        List<Call> draining = List.copyOf(open);
        CountDownLatch ends = new CountDownLatch(draining.size());
        for (Call call : draining) {
            call.stopping();
            call.onEnd(ends::countDown);
        }
        try {
            if (ends.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return List.of();
            }
        } catch (InterruptedException e) {
            // An interrupt asks for a faster stop.
            Thread.currentThread().interrupt();
        }
        return draining.stream().filter(open::contains).toList();
    }

    /** Refuses new calls from now on. */
    public void close() {
        closed = true;
    }
}
