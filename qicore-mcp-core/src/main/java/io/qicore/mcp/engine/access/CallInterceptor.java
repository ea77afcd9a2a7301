package io.qicore.mcp.engine.access;

import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides about every request of every transport, for authorization, rate limits and audit. Only {@code ping}, which uses nothing
 * and tells nothing, is answered without interceptors, as health checks need it. An interceptor hides offers, denies
 * requests, or only observes them:
 *
 * <pre>{@code
 * final class WritersOnly implements CallInterceptor {
 *     @Override
 *     public boolean offers(Caller caller, Offer offer) {
 *         return !(offer instanceof Offer.Tool called)
 *                 || called.tool().annotations().readOnlyHint()
 *                 || caller.scopes().contains("write");
 *     }
 * }
 * }</pre>
 *
 * <p>A server can have several. An offer is hidden if one of them hides it, and a request is denied by the first of them, in
 * their order, that denies it. If an interceptor throws an exception, the request fails with an internal error and is not
 * served. Implementations must be thread-safe.
 */
public interface CallInterceptor {

    /**
     * Returns whether a caller sees an offer and may use it. A hidden offer is missing from lists, and a request for it is
     * answered exactly as if the server did not have it. Asked for each item of a list and for each request, so it should only
     * compute. The default implementation returns true.
     */
    default boolean offers(Caller caller, Offer offer) {
        return true;
    }

    /**
     * Returns why a request is denied; empty if it is served. Called once for each request, on the thread that will serve it,
     * after the message and its headers have been checked. May block for a short time. The default implementation returns
     * empty.
     */
    default Optional<Denial> before(InterceptedCall call) {
        return Optional.empty();
    }

    /**
     * Called once for each request when it has been answered or cancelled, also if an interceptor has denied it. Called on any
     * thread, which it should not hold for long. Exceptions are logged. The default implementation does nothing.
     *
     * @param took the time since {@link #before}
     */
    default void after(InterceptedCall call, CallOutcome outcome, Duration took) {}
}
