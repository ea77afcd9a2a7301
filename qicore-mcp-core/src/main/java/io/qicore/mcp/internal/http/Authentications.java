package io.qicore.mcp.internal.http;

import io.qicore.mcp.auth.Authentication;
import io.qicore.mcp.auth.Caller;
import io.qicore.mcp.auth.Denial;
import io.qicore.mcp.auth.HttpAuthenticator;
import io.qicore.mcp.auth.RequestHead;
import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.internal.log.LogLimit;
import io.qicore.mcp.internal.log.LogText;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an authenticator about each request. A request goes on only if the authenticator has named its caller; whatever else
 * happens, the request is answered. Thread-safe.
 */
final class Authentications {

    private static final Logger log = LoggerFactory.getLogger(Authentications.class);

    /** How long an authenticator may take to decide. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpAuthenticator authenticator;
    private final ResourceMetadata metadata;
    private final Duration timeout;
    private final LogLimit fullLog = new LogLimit(1);

    Authentications(HttpAuthenticator authenticator, ResourceMetadata metadata, Duration timeout) {
        this.authenticator = authenticator;
        this.metadata = metadata;
        this.timeout = timeout;
    }

    /** Passes a request on with its caller, or answers it; later, if the authenticator decides later. */
    void authenticate(Exchange exchange, Supplier<RequestHead> head, Consumer<Caller> next) {
        if (authenticator == HttpAuthenticator.NONE) {
            next.accept(Caller.ANONYMOUS);
            return;
        }
        CompletableFuture<? extends Authentication> decision = ask(head.get());
        if (decision.isDone()) {
            decision.whenComplete((outcome, failure) -> decided(exchange, next, outcome, failure));
            return;
        }
        exchange.detach();
        // A copy, which the timeout may complete: the authenticator may have given the same future for several
        // requests.
        CompletableFuture<Authentication> copy = new CompletableFuture<>();
        decision.whenComplete((outcome, failure) -> {
            if (failure == null) {
                copy.complete(outcome);
            } else {
                copy.completeExceptionally(failure);
            }
        });
        copy.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((outcome, failure) -> resume(exchange, next, outcome, failure));
    }

    private CompletableFuture<? extends Authentication> ask(RequestHead head) {
        try {
            return authenticator.authenticate(head).toCompletableFuture();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Continues on a thread of the HTTP server, since that of the authenticator may not be allowed to block. */
    private void resume(
            Exchange exchange, Consumer<Caller> next, @Nullable Authentication outcome, @Nullable Throwable failure) {
        try {
            exchange.dispatch(() -> decided(exchange, next, outcome, failure));
        } catch (RejectedExecutionException | IllegalStateException stopped) {
            Refusal.stopping().answer(exchange);
        }
    }

    private void decided(
            Exchange exchange, Consumer<Caller> next, @Nullable Authentication outcome, @Nullable Throwable failure) {
        if (outcome instanceof Caller caller && caller.isExpired(Instant.now())) {
            deny(exchange, Denial.unauthenticated("The credentials have expired.", "Bearer error=\"invalid_token\""));
        } else if (outcome instanceof Caller caller) {
            next.accept(caller);
        } else if (outcome instanceof Denial denial) {
            deny(exchange, denial);
        } else if (failure instanceof TimeoutException) {
            logFailure(failure);
            deny(exchange, Denial.busy("The credentials cannot be checked at the moment.", Duration.ofSeconds(1)));
        } else {
            logFailure(failure == null ? new NullPointerException("The authenticator has returned null.") : failure);
            new Refusal(500, "The credentials could not be checked.").answer(exchange);
        }
    }

    /** Returns whether the credentials of a caller have neither expired nor been withdrawn; false if nobody can tell. */
    boolean stillAccepts(Caller caller) {
        try {
            return !caller.isExpired(Instant.now()) && authenticator.stillAccepts(caller);
        } catch (RuntimeException e) {
            logFailure(e);
            return false;
        }
    }

    private void deny(Exchange exchange, Denial denial) {
        log.debug("A request is refused: {}", denial.message());
        RpcException refused = RpcException.denied(denial);
        int status = HttpReplySink.status(refused.kind());
        new Refusal(status, refused.error().code(), denial.message(), metadata.complete(refused.headers()))
                .answer(exchange);
    }

    private void logFailure(Throwable failure) {
        if (fullLog.allows()) {
            log.error("The authenticator failed, so the request is refused", LogText.of(failure));
        } else {
            log.debug("The authenticator failed, so the request is refused", LogText.of(failure));
        }
    }
}
