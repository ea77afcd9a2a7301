package io.qicore.mcp.tool;

import io.qicore.mcp.auth.Caller;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request that a handler serves: its deadline, cancellation and caller, and a way to send progress and log messages
 * to the client. Valid only while the request is served. Implementations are thread-safe.
 *
 * <p>A handler must not wait longer than {@link #remaining()}. When the deadline passes, the client gets an error (for
 * a tool, {@link StandardErrorCode#DEADLINE_EXCEEDED}), the handler's thread is interrupted, and the handler's result
 * is discarded.
 */
public interface RequestContext {

    /**
     * Returns a context for work without a client, such as a check when the server starts, a poll, or a test of a
     * handler. It has no caller, and progress and log messages are dropped. It counts as cancelled once the timeout has
     * passed, but it never runs {@linkplain #onCancel cancel actions}, so the work must observe {@link #remaining()}
     * itself.
     *
     * @param timeout how long the work may take, counted from this call
     */
    static RequestContext ofTimeout(Duration timeout) {
        return new TimedContext(TimedContext.NO_CLIENT, timeout);
    }

    /**
     * Returns a context for work on behalf of a caller without a client, such as a poll for a subscription. It is otherwise as
     * {@link #ofTimeout(Duration)}.
     */
    static RequestContext ofTimeout(Duration timeout, Caller caller) {
        return new TimedContext(TimedContext.withoutClient(caller), timeout);
    }

    /**
     * Returns a view of this context with an additional timeout. Its {@link #remaining()} is the time left of the
     * request or of the timeout, whichever is shorter, and it counts as cancelled when either has passed.
     * {@linkplain #onCancel Cancel actions} are registered with the request, so the timeout alone does not run them.
     *
     * @param timeout how long this part of the work may take, counted from this call
     */
    default RequestContext withTimeout(Duration timeout) {
        return new TimedContext(this, timeout);
    }

    /** Returns the time left until the deadline, or {@link Duration#ZERO} if it has passed. */
    Duration remaining();

    /**
     * Returns whether the request is cancelled, so that its result would be discarded. This is the case when the client
     * has disconnected or cancelled the request, when the deadline has passed, or when the server is stopping and its
     * drain timeout has passed.
     */
    boolean isCancelled();

    /**
     * Registers an action that runs when the request is {@linkplain #isCancelled cancelled}, for whatever reason. It is
     * meant for work that an interrupt does not stop, such as a statement that runs in a database.
     *
     * <p>The action runs at most once, on any thread, possibly while the handler is still running. It runs immediately
     * if the request is cancelled already, and never if the request completes first. Actions run in the order in which
     * they were registered. If an action fails, the failure is logged and the other actions still run.
     */
    void onCancel(Runnable action);

    /** Returns the caller as authenticated by the transport; {@link Caller#ANONYMOUS} without authentication. */
    Caller caller();

    /**
     * Returns whether the client declared support for a feature in this request. The default implementation returns
     * false.
     */
    default boolean clientSupports(ClientFeature feature) {
        return false;
    }

    /**
     * Returns the answers to the earlier {@link InputRequests} of this request. The default implementation returns
     * {@link InputResponses#NONE}.
     */
    default InputResponses inputs() {
        return InputResponses.NONE;
    }

    /**
     * Reports progress to the client. The report is dropped if the client did not ask for progress, or if
     * {@code progress} has not increased since the last report. The default implementation does nothing.
     *
     * @param progress the amount of work done, in any unit
     * @param total the total amount of work in the same unit, or null if it is unknown
     * @param message a message for the user, or null
     */
    default void progress(double progress, @Nullable Double total, @Nullable String message) {}

    /**
     * Sends a log message to the client, which must not contain secrets. The message is dropped if the client did not
     * ask for messages of this level. The default implementation does nothing.
     *
     * @param level the severity
     * @param logger the name of the logger
     * @param data a text, or any value that can be written as JSON
     */
    default void log(LogLevel level, String logger, Object data) {}

    /**
     * Returns the W3C trace context of the request: {@code traceparent}, {@code tracestate} and {@code baggage}, as far
     * as the client sent them. The default implementation returns an empty map.
     */
    default Map<String, String> traceContext() {
        return Map.of();
    }
}
