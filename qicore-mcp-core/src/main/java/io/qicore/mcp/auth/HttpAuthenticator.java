package io.qicore.mcp.auth;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Finds out who has sent an HTTP request, the same on the bundled server and in a servlet container. It is asked for each
 * request after {@code Origin}, {@code Host}, method and content type have been checked, and before the body is read.
 *
 * <pre>{@code
 * HttpAuthenticator container = HttpAuthenticator.of(request -> request.userPrincipal()
 *         .<Authentication>map(user -> Caller.of(user.getName()))
 *         .orElse(Denial.unauthenticated("Log in first.", "Basic realm=\"mcp\"")));
 * }</pre>
 *
 * <p>Implementations must be thread-safe and must not log credentials.
 */
@FunctionalInterface
public interface HttpAuthenticator {

    /** An authenticator that lets every request in, as {@link Caller#ANONYMOUS}. */
    HttpAuthenticator NONE = request -> CompletableFuture.completedFuture(Caller.ANONYMOUS);

    /**
     * Returns the caller of a request, or why the request is denied. May block, for the thread is not one that the server
     * needs to accept other requests; a decision that takes long should be made on another thread.
     *
     * <p>If this method throws an exception, or its result fails or is null, the request is answered with status 500. If the
     * result takes longer than 10 seconds, it is answered with status 503. The message is not handled in either case.
     *
     * @param request the request
     */
    CompletionStage<? extends Authentication> authenticate(RequestHead request);

    /**
     * Returns whether a caller that this authenticator has returned may go on. Transports ask about once a second for each caller
     * with an open stream or a call in flight, and end the subscriptions and the HTTP+SSE streams of one that may not; calls go on
     * until they end or their time is over. The expiry of a caller need not be checked here. May block for a short time. Default:
     * true. An authenticator that returns the callers of another one should pass this on, with the caller that the other one
     * returned.
     */
    default boolean stillAccepts(Caller caller) {
        return true;
    }

    /**
     * Returns the metadata by which clients of OAuth find the authorization server (RFC 9728). The transport serves it, without
     * authentication, and names its URL in challenges of the scheme {@code Bearer}. Default: empty, so that clients do not begin
     * an OAuth flow.
     */
    default Optional<Map<String, Object>> resourceMetadata() {
        return Optional.empty();
    }

    /** Returns an authenticator that decides on the calling thread, which may block. */
    static HttpAuthenticator of(Function<RequestHead, ? extends Authentication> decision) {
        Objects.requireNonNull(decision, "decision");
        return request -> CompletableFuture.completedFuture(decision.apply(request));
    }
}
