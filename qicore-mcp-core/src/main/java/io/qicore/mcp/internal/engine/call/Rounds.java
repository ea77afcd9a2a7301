package io.qicore.mcp.internal.engine.call;

import io.qicore.mcp.internal.engine.rpc.RpcException;
import io.qicore.mcp.tool.InputRequests;
import io.qicore.mcp.tool.InputResponses;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of one request. Each round runs the handler, which answers or asks the client for input.
 *
 * @param <R> what the handler answers
 */
public interface Rounds<R> {

    /** Runs the handler for one round. */
    CompletableFuture<R> round(Call call);

    /** Returns what the handler asks for, if its answer is a question. */
    Optional<InputRequests> question(R answer);

    /** Answers the request. */
    void complete(Call call, R answer) throws RpcException;

    /** Answers the request after the handler has failed. */
    void fail(Call call, Throwable failure);

    /** Runs a synchronous handler. */
    static <R> CompletableFuture<R> attempt(Callable<R> handler) {
        try {
            return CompletableFuture.completedFuture(handler.call());
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Serves a request. */
    static <R> void serve(Call call, Rounds<R> rounds) throws RpcException {
        next(call, rounds, call.request().revision().inputs(call.request()));
    }

    private static <R> void next(Call call, Rounds<R> rounds, InputResponses inputs) {
        call.setInputs(inputs);
        rounds.round(call).whenComplete((answer, failure) -> finish(call, rounds, answer, failure));
    }

    private static <R> void finish(Call call, Rounds<R> rounds, @Nullable R answer, @Nullable Throwable failure) {
        try {
            if (answer == null) {
                boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
                rounds.fail(call, wrapped ? failure.getCause() : failure);
                return;
            }
            Optional<InputRequests> question = rounds.question(answer);
            if (question.isPresent()) {
                call.request().revision().ask(call, question.get(), responses -> next(call, rounds, responses));
            } else {
                rounds.complete(call, answer);
            }
        } catch (RpcException e) {
            call.fail(e);
        } catch (RuntimeException | Error e) {
            // The future would swallow an exception, and the client would wait until the deadline.
            rounds.fail(call, e);
        }
    }
}
