package io.qicore.mcp.tool;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a handler knows about the request that it serves, and what it can tell and ask the client meanwhile. Valid during
 * that request only; thread-safe.
 *
 * <p>A handler that waits must not wait longer than {@link #remaining()}. Past the deadline the client has been
 * answered (a tool's client with {@link StandardErrorCode#DEADLINE_EXCEEDED}), the handler's thread is interrupted and
 * what it returns is dropped.
 */
public interface RequestContext {

    /**
     * A context for work that no client has asked for, such as a check at the start of a server, a poll, or the test of a
     * handler. There is no caller and no client to tell or ask. It counts as cancelled when the time is up, but runs no
     * {@linkplain #onCancel cancel actions}: whoever waits must heed {@link #remaining()}.
     *
     * @param timeout how long the work may take, from now on
     */
    static RequestContext ofTimeout(Duration timeout) {
        return new TimedContext(TimedContext.NO_CLIENT, timeout);
    }

    /**
     * The same request with less time: {@link #remaining()} is the smaller of what is left of the request and what is left
     * of the timeout, and the view counts as cancelled when either is over. {@linkplain #onCancel Cancel actions} run with
     * those of the request; the end of the timeout alone does not run them.
     *
     * @param timeout how long a part of the work may take, from now on
     */
    default RequestContext withTimeout(Duration timeout) {
        return new TimedContext(this, timeout);
    }

    /** Time left until the deadline of this request; {@link Duration#ZERO} when it has passed. */
    Duration remaining();

    /**
     * Whether nobody waits for the answer any more: the client has gone away or cancelled the request, the deadline has
     * passed, or the server stops and the time is up that it gives to requests in flight.
     */
    boolean isCancelled();

    /**
     * Registers what to do when {@link #isCancelled} becomes true, also by the deadline or a stop of the server: for work
     * that an interrupt does not reach, such as a statement that runs in a database. Runs at once if that has happened
     * already, at most once, and on any thread, also while the handler goes on. Does not run when the request ends before. A
     * failure is logged; the other actions run nevertheless, in the order in which they were registered.
     */
    void onCancel(Runnable action);

    /** Who asks, as the transport authenticated it; null without authentication. */
    @Nullable
    String principal();

    /** Whether the client said, with this request, that it can do something for the server. Default: nothing. */
    default boolean clientSupports(ClientFeature feature) {
        return false;
    }

    /** What the client and its user have answered to earlier {@link InputRequests} of this request. Default: nothing. */
    default InputResponses inputs() {
        return InputResponses.NONE;
    }

    /**
     * Tells the client how far the work is. Dropped unless the client asked for it, and unless {@code progress} is larger
     * than the last time.
     *
     * @param progress how much has been done, in any unit
     * @param total how much there is to do in the same unit, or null if that is unknown
     * @param message for the user, or null
     */
    default void progress(double progress, @Nullable Double total, @Nullable String message) {}

    /**
     * Sends a log message to the client. Dropped unless the client asked for messages of this level. Put no secrets in.
     *
     * @param logger name of the source
     * @param data a text, or anything that can be written as JSON
     */
    default void log(LogLevel level, String logger, Object data) {}

    /** The W3C trace context of the request: {@code traceparent}, {@code tracestate}, {@code baggage} as far as given. */
    default Map<String, String> traceContext() {
        return Map.of();
    }
}
