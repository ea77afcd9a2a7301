package io.qicore.mcp.protocol;

import io.qicore.mcp.interaction.InputRequests;
import io.qicore.mcp.interaction.InputResponses;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A request that may take several rounds, because its handler can ask the client for input first.
 *
 * @param <R> what the handler answers
 */
interface Interaction<R> {

    /** Runs the handler for one round. */
    CompletableFuture<R> round(Call call);

    /** What the handler asks for, if its answer is a question. */
    Optional<InputRequests> question(R answer);

    /** Answers the request. */
    void complete(Call call, R answer) throws RpcException;

    /** Answers the request after a failure of the handler. */
    void fail(Call call, Throwable failure);

    /** Runs a handler that answers at once. */
    static <R> CompletableFuture<R> attempt(Callable<R> handler) {
        try {
            return CompletableFuture.completedFuture(handler.call());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Serves a request. */
    static <R> void serve(Request request, Call call, Interaction<R> interaction) throws RpcException {
        next(request, call, interaction, request.revision().inputs(request));
    }

    private static <R> void next(Request request, Call call, Interaction<R> interaction, InputResponses inputs) {
        call.setInputs(inputs);
        interaction.round(call).whenComplete((answer, failure) -> finish(request, call, interaction, answer, failure));
    }

    private static <R> void finish(
            Request request, Call call, Interaction<R> interaction, @Nullable R answer, @Nullable Throwable failure) {
        try {
            if (answer == null) {
                boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
                interaction.fail(call, wrapped ? failure.getCause() : failure);
                return;
            }
            Optional<InputRequests> question = interaction.question(answer);
            if (question.isPresent()) {
                request.revision()
                        .ask(request, call, question.get(), responses -> next(request, call, interaction, responses));
            } else {
                interaction.complete(call, answer);
            }
        } catch (RpcException e) {
            call.fail(e);
        } catch (RuntimeException | Error e) {
            // A future swallows what is thrown here, and the client would wait for the deadline.
            interaction.fail(call, e);
        }
    }
}
