package io.qicore.mcp.client;

import io.qicore.mcp.client.error.MCPConnectionException;
import io.qicore.mcp.internal.client.feature.ClientCore;
import io.qicore.mcp.internal.client.protocol.Failures;
import io.qicore.mcp.internal.client.protocol.Scope;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Calls that the application does not wait for. */
final class Started {

    private Started() {}

    /**
     * Returns the future of a call for the application. It completes on a thread that may block, because the application may
     * continue with another call; the thread that receives answers must not wait for one. Cancelling it ends the call, as completing it does.
     *
     * @param cancelled the message of the failure of a call that the application cancels
     * @param ended is told of the end before the application
     */
    static <T> CompletableFuture<T> of(
            ClientCore core,
            Scope scope,
            CompletableFuture<T> call,
            String cancelled,
            BiConsumer<@Nullable T, @Nullable Throwable> ended) {
        CompletableFuture<T> started = new CompletableFuture<>();
        started.whenComplete((value, failure) -> {
            if (!call.isDone()) {
                // Cancelled, or completed by the application in another way, such as orTimeout
                scope.end(new MCPConnectionException(cancelled, null));
            }
            scope.close();
        });
        call.whenComplete((value, failure) -> {
            Runnable completion = () -> {
                Throwable why = failure == null ? null : Failures.unwrapped(failure);
                try {
                    ended.accept(value, why);
                } finally {
                    if (why == null) {
                        started.complete(value);
                    } else {
                        started.completeExceptionally(why);
                    }
                }
            };
            try {
                core.callbacks().execute(completion);
            } catch (RejectedExecutionException closed) {
                completion.run();
            }
        });
        return started;
    }
}
