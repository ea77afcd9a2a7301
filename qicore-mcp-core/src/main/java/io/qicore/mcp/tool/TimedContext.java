package io.qicore.mcp.tool;

import io.qicore.mcp.auth.Caller;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A view of another context with an additional timeout. Thread-safe. */
final class TimedContext implements RequestContext {

    /** The context of work without a client: it has no deadline and no caller, and it is never cancelled. */
    static final RequestContext NO_CLIENT = withoutClient(Caller.ANONYMOUS);

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final RequestContext request;
    private final long start = System.nanoTime();
    private final Duration timeout;

    TimedContext(RequestContext request, Duration timeout) {
        this.request = request;
        this.timeout = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    }

    /** Returns the context of work without a client, which has no deadline and is never cancelled. */
    static RequestContext withoutClient(Caller caller) {
        Objects.requireNonNull(caller, "caller");
        return new RequestContext() {

            @Override
            public Duration remaining() {
                return LONGEST;
            }

            @Override
            public boolean isCancelled() {
                return false;
            }

            @Override
            public void onCancel(Runnable action) {
                // Never cancelled.
            }

            @Override
            public Caller caller() {
                return caller;
            }
        };
    }

    @Override
    public Duration remaining() {
        Duration own = timeout.minusNanos(System.nanoTime() - start);
        Duration whole = request.remaining();
        Duration left = own.compareTo(whole) < 0 ? own : whole;
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public boolean isCancelled() {
        return request.isCancelled() || remaining().isZero();
    }

    @Override
    public void onCancel(Runnable action) {
        request.onCancel(action);
    }

    @Override
    public Caller caller() {
        return request.caller();
    }

    @Override
    public boolean clientSupports(ClientFeature feature) {
        return request.clientSupports(feature);
    }

    @Override
    public InputResponses inputs() {
        return request.inputs();
    }

    @Override
    public void progress(double progress, @Nullable Double total, @Nullable String message) {
        request.progress(progress, total, message);
    }

    @Override
    public void log(LogLevel level, String logger, Object data) {
        request.log(level, logger, data);
    }

    @Override
    public Map<String, String> traceContext() {
        return request.traceContext();
    }
}
