package io.qicore.mcp.internal.client.feature;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qicore.mcp.client.error.MCPProtocolException;
import io.qicore.mcp.client.model.CallResult;
import io.qicore.mcp.internal.client.feature.KnownTools.Known;
import io.qicore.mcp.internal.client.protocol.Failures;
import io.qicore.mcp.internal.client.protocol.Protocol;
import io.qicore.mcp.internal.client.protocol.RequestOptions;
import io.qicore.mcp.internal.client.protocol.Rounds;
import io.qicore.mcp.internal.client.protocol.Scope;
import io.qicore.mcp.internal.engine.rpc.MethodNames;
import io.qicore.mcp.internal.engine.rpc.RpcError;
import io.qicore.mcp.internal.json.Json;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls tools. Thread-safe. */
final class ToolCalls {

    private final Protocol protocol;
    private final Rounds rounds;
    private final KnownTools tools;
    private final Retries retries;
    private final @Nullable TaskFollower tasks;
    private final OutputCheck outputCheck = new OutputCheck();

    ToolCalls(Protocol protocol, Rounds rounds, KnownTools tools, Retries retries, @Nullable TaskFollower tasks) {
        this.protocol = protocol;
        this.rounds = rounds;
        this.tools = tools;
        this.retries = retries;
        this.tasks = tasks;
    }

    /**
     * Calls a tool and returns its result, which may say that the tool has failed.
     *
     * @param checked whether a structured result must match the output schema
     */
    CompletableFuture<CallResult> call(
            Scope scope, String tool, ObjectNode arguments, RequestOptions options, boolean checked) {
        TaskFollower follower = tasks;
        Rounds.TaskResult following = follower == null ? null : task -> follower.follow(scope, task);
        return made(scope, tool, arguments, options, following)
                .thenCompose(result -> result(scope, tool, result, checked));
    }

    /** Calls a tool and returns what the server answers: a result, or a task, whose {@code resultType} says so. */
    CompletableFuture<ObjectNode> submit(Scope scope, String tool, ObjectNode arguments, RequestOptions options) {
        return made(scope, tool, arguments, options, tasks == null ? null : CompletableFuture::completedFuture);
    }

    private CompletableFuture<ObjectNode> made(
            Scope scope,
            String tool,
            ObjectNode arguments,
            RequestOptions options,
            Rounds.@Nullable TaskResult following) {
        ObjectNode params = Json.object().put("name", tool);
        params.set("arguments", arguments);
        return retries.call(scope, tool, () -> send(scope, tool, params, options, following, true));
    }

    /** Reads the result of a tool. */
    CompletableFuture<CallResult> result(Scope scope, String tool, ObjectNode json, boolean checked) {
        CallResult read = Results.call(tool, json);
        return (read.structured() != null || read.isError()
                        ? CompletableFuture.completedFuture(read)
                        : structured(scope, tool, read))
                .thenCompose(result -> checked && !result.isError()
                        ? check(scope, tool, result)
                        : CompletableFuture.completedFuture(result));
    }

    private CompletableFuture<ObjectNode> send(
            Scope scope,
            String tool,
            ObjectNode params,
            RequestOptions options,
            Rounds.@Nullable TaskResult following,
            boolean isFirst) {
        Known known = tools.find(tool);
        RequestOptions all = options;
        if (known != null) {
            if (known.headers() == null) {
                return CompletableFuture.failedFuture(tools.unusable(known));
            }
            if (!known.headers().isEmpty()) {
                all = options.withHeaders(known.headers().values(params.path("arguments")));
            }
        }
        return rounds.run(scope, MethodNames.CALL_TOOL, params, all, following)
                .thenApply(Rounds.Complete::result)
                .handle((result, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(result);
                    }
                    Throwable why = Failures.unwrapped(failure);
                    boolean lacksHeaders =
                            why instanceof MCPProtocolException error && error.code() == RpcError.HEADER_MISMATCH;
                    return lacksHeaders && isFirst
                            ? tools.refresh(scope)
                                    .thenCompose(listed -> send(scope, tool, params, options, following, false))
                            : CompletableFuture.<ObjectNode>failedFuture(why);
                })
                .thenCompose(Function.identity());
    }

    private CompletableFuture<CallResult> structured(Scope scope, String tool, CallResult result) {
        return protocol.hasStructuredResults(scope).thenApply(has -> has ? result : Results.structured(tool, result));
    }

    private CompletableFuture<CallResult> check(Scope scope, String tool, CallResult result) {
        return tools.get(scope, tool).thenApply(known -> {
            if (known != null) {
                outputCheck.check(known.description(), result.structured());
            }
            return result;
        });
    }
}
