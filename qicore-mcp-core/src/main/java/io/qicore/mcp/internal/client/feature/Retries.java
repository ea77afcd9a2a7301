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

/** Calls tools again after failures that may pass, where a second call does no harm. Thread-safe. */
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

    /** Makes a call, and makes it again as the policy allows. */
    CompletableFuture<ObjectNode> run(Scope scope, String tool, Supplier<CompletableFuture<ObjectNode>> call) {
        return policy.maxAttempts() == 1 ? call.get() : attempt(scope, tool, call, 1);
    }

    private CompletableFuture<ObjectNode> attempt(
            Scope scope, String tool, Supplier<CompletableFuture<ObjectNode>> call, int attempt) {
        return call.get()
                .handle((result, failure) -> {
                    Throwable why = failure == null ? failureOf(tool, result) : Failures.unwrapped(failure);
                    if (why == null || attempt == policy.maxAttempts() || !mayPass(why)) {
                        return failure == null
                                ? CompletableFuture.completedFuture(result)
                                : CompletableFuture.<ObjectNode>failedFuture(Failures.unwrapped(failure));
                    }
                    Duration pause = pause(why, attempt);
                    if (pause.compareTo(scope.remaining()) >= 0) {
                        return failure == null
                                ? CompletableFuture.completedFuture(result)
                                : CompletableFuture.<ObjectNode>failedFuture(why);
                    }
                    return isSafe(scope, tool).thenCompose(safe -> {
                        if (!safe) {
                            return failure == null
                                    ? CompletableFuture.completedFuture(result)
                                    : CompletableFuture.<ObjectNode>failedFuture(why);
                        }
                        log.debug("Attempt {} of {} failed and is repeated after {}", attempt, tool, pause, why);
                        return scope.delay(pause).thenCompose(passed -> attempt(scope, tool, call, attempt + 1));
                    });
                })
                .thenCompose(Function.identity());
    }

    private static @Nullable Throwable failureOf(String tool, ObjectNode result) {
        return result.path("isError").booleanValue() ? Results.toolError(tool, result) : null;
    }

    private static boolean mayPass(Throwable failure) {
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
