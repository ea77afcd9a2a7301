package io.qicore.mcp.internal.client.protocol;

import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of the application, which may take several requests: its deadline and its cancellation. Whatever it waits for fails when
 * it ends early. Thread-safe.
 */
public final class Scope implements AutoCloseable {

    private final ScheduledExecutorService clock;
    private final Object server;
    private final long deadline;
    private final List<Consumer<MCPClientException>> actions = new CopyOnWriteArrayList<>();
    private volatile @Nullable MCPClientException ended;
    private volatile @Nullable Future<?> timer;
    private volatile Runnable onClose = () -> {};

    private Scope(ScheduledExecutorService clock, Object server, Duration timeout) {
        this.clock = clock;
        this.server = server;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    /**
     * Begins a call.
     *
     * @param clock ends it after the timeout
     * @param server the name or address of the server, for the error
     */
    public static Scope of(ScheduledExecutorService clock, Object server, Duration timeout) {
        return begun(new Scope(clock, server, timeout), timeout);
    }

    /**
     * Begins a call of a client, which ends all its calls when it is closed.
     *
     * @param open has the scope as long as it is open
     */
    static Scope of(ScheduledExecutorService clock, Object server, Duration timeout, Set<Scope> open) {
        Scope scope = new Scope(clock, server, timeout);
        scope.onClose = () -> open.remove(scope);
        open.add(scope);
        return begun(scope, timeout);
    }

    private static Scope begun(Scope scope, Duration timeout) {
        Object server = scope.server;
        scope.timer = scope.later(
                () -> scope.end(new MCPTimeoutException(server + " did not answer within " + timeout + ".")), timeout);
        return scope;
    }

    private @Nullable Future<?> later(Runnable task, Duration delay) {
        try {
            return clock.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            end(new MCPConnectionException("The client of " + server + " is closed.", e));
            return null;
        }
    }

    /** Returns whether the call goes on. */
    public boolean isOpen() {
        return ended == null;
    }

    /** Returns a scope within this one that ends earlier; it ends at the latest when this one does. */
    public Scope within(Duration timeout) {
        Duration left = remaining();
        Scope inner = of(clock, server, timeout.compareTo(left) < 0 ? timeout : left);
        Runnable forget = onEnd(inner::end);
        inner.onClose = forget;
        return inner;
    }

    /** Returns the time left, or zero. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /**
     * Runs an action if the call ends before it is complete, at once if it has.
     *
     * @return forgets the action
     */
    public Runnable onEnd(Consumer<MCPClientException> action) {
        actions.add(action);
        MCPClientException why = ended;
        if (why != null && actions.remove(action)) {
            action.accept(why);
        }
        return () -> actions.remove(action);
    }

    /** Ends the call early: what it waits for fails. */
    public void end(MCPClientException why) {
        synchronized (this) {
            if (ended != null) {
                return;
            }
            ended = why;
        }
        for (Consumer<MCPClientException> action : actions) {
            if (actions.remove(action)) {
                action.accept(why);
            }
        }
        close();
    }

    /** Returns a future that also fails when the call ends; the given one goes on. */
    public <T> CompletableFuture<T> bound(CompletableFuture<T> future) {
        if (future.isDone() && isOpen()) {
            return future;
        }
        CompletableFuture<T> bound = new CompletableFuture<>();
        Runnable forget = onEnd(bound::completeExceptionally);
        future.whenComplete((value, failure) -> {
            forget.run();
            if (failure == null) {
                bound.complete(value);
            } else {
                bound.completeExceptionally(failure);
            }
        });
        return bound;
    }

    /** Returns a future that completes after a time, and fails when the call ends. */
    public CompletableFuture<Void> delay(Duration time) {
        CompletableFuture<Void> passed = new CompletableFuture<>();
        Future<?> task = later(() -> passed.complete(null), time);
        Runnable forget = onEnd(passed::completeExceptionally);
        passed.whenComplete((nothing, failure) -> {
            forget.run();
            if (task != null) {
                task.cancel(false);
            }
        });
        return passed;
    }

    /** Forgets the deadline of a call that is complete. */
    @Override
    public void close() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
        onClose.run();
    }
}
