package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.endpoint.RetryPolicy;
import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.model.ToolDescription;
import io.qicore.mcp.internal.client.protocol.Failures;
import io.qicore.mcp.internal.client.protocol.Scope;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.tool.MCPToolError;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes requests again after failures that may pass, where a second one does no harm. Thread-safe. */
final class Retries {

    private static final Logger log = LoggerFactory.getLogger(Retries.class);

    /** Too many requests, and what gateways say while a server restarts. */
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

    private final RetryPolicy policy;
    private final KnownTools tools;

    Retries(RetryPolicy policy, KnownTools tools) {
        this.policy = policy;
        this.tools = tools;
    }

    /** Calls a tool, and calls it again as the policy allows. */
    CompletableFuture<ObjectNode> call(Scope scope, String tool, Supplier<CompletableFuture<ObjectNode>> call) {
        return new Attempts<>(scope, tool, call, result -> failureOf(tool, result), () -> isSafe(scope, tool)).first();
    }

    /** Makes a request that only reads, and makes it again as the policy allows. */
    <T> CompletableFuture<T> read(Scope scope, String method, Supplier<CompletableFuture<T>> request) {
        return new Attempts<>(scope, method, request, result -> null, () -> CompletableFuture.completedFuture(true))
                .first();
    }

    private final class Attempts<T> {

        private final Scope scope;
        private final String what;
        private final Supplier<CompletableFuture<T>> call;
        private final Function<T, @Nullable Throwable> failureOf;
        private final Supplier<CompletableFuture<Boolean>> isSafe;

        Attempts(
                Scope scope,
                String what,
                Supplier<CompletableFuture<T>> call,
                Function<T, @Nullable Throwable> failureOf,
                Supplier<CompletableFuture<Boolean>> isSafe) {
            this.scope = scope;
            this.what = what;
            this.call = call;
            this.failureOf = failureOf;
            this.isSafe = isSafe;
        }

        CompletableFuture<T> first() {
            return policy.maxAttempts() == 1 ? call.get() : attempt(1);
        }

        private CompletableFuture<T> attempt(int attempt) {
            CompletableFuture<T> made = call.get();
            return made.handle((result, failure) -> {
                        Throwable why = failure == null ? failureOf.apply(result) : Failures.unwrapped(failure);
                        if (why == null || attempt == policy.maxAttempts() || !mayPass(why)) {
                            return made;
                        }
                        Duration pause = pause(why, attempt);
                        if (pause.compareTo(scope.remaining()) >= 0) {
                            return made;
                        }
                        return isSafe.get().thenCompose(safe -> safe ? again(pause, attempt, why) : made);
                    })
                    .thenCompose(Function.identity());
        }

        private CompletableFuture<T> again(Duration pause, int attempt, Throwable why) {
            log.debug("Attempt {} of {} failed and is repeated after {}", attempt, what, pause, why);
            return scope.delay(pause).thenCompose(passed -> attempt(attempt + 1));
        }
    }

    private static @Nullable Throwable failureOf(String tool, ObjectNode result) {
        return result.path("isError").booleanValue() ? Results.toolError(tool, result) : null;
    }

    /** Returns whether a failure is one that a later attempt may not have. */
    static boolean mayPass(Throwable failure) {
        if (failure instanceof MCPToolError error) {
            return error.retryable();
        }
        if (!(failure instanceof MCPClientException known)) {
            return false;
        }
        if (known instanceof MCPProtocolException error && error.code() == RpcError.BUSY) {
            return true;
        }
        int status = known.httpStatus().orElse(0);
        return status >= 300 ? PASSING.contains(status) : known instanceof MCPConnectionException;
    }

    private Duration pause(Throwable failure, int attempt) {
        long longest = policy.backoff().multipliedBy(1L << (attempt - 1)).toNanos();
        Duration random = Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest) + 1);
        Duration asked =
                failure instanceof MCPClientException known ? known.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
        // Random on top, so that not all clients come back at the same moment.
        return asked.isZero() ? random : asked.plus(random);
    }

    private CompletableFuture<Boolean> isSafe(Scope scope, String tool) {
        return tools.get(scope, tool).handle((known, failure) -> {
            ToolDescription description = known == null ? null : known.description();
            return description != null
                    && (description.annotations().readOnlyHint()
                            || description.annotations().idempotentHint());
        });
    }
}
