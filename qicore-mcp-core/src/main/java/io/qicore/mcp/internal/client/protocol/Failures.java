package io.qicore.mcp.internal.client.protocol;

import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Failures of futures. */
public final class Failures {

    private Failures() {}

    /** Returns the failure itself, without what futures wrap around it. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * Waits for a future. An interrupt ends the call.
     *
     * @throws RuntimeException the failure of the future
     */
    public static <T> T await(CompletableFuture<T> future, Scope scope, Object server) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            MCPClientException why = new MCPConnectionException("Interrupted while waiting for " + server + ".", e);
            scope.end(why);
            throw why;
        } catch (CancellationException e) {
            throw new MCPConnectionException("The call of " + server + " was cancelled.", e);
        } catch (ExecutionException e) {
            Throwable cause = unwrapped(e);
            if (cause instanceof Error error) {
                throw error;
            }
            throw cause instanceof RuntimeException known ? withCaller(known) : new IllegalStateException(cause);
        } finally {
            scope.close();
        }
    }

    /** Adds the stack of the caller to a failure that another thread has created. */
    private static RuntimeException withCaller(RuntimeException failure) {
        StackTraceElement[] caller = Thread.currentThread().getStackTrace();
        StackTraceElement[] own = failure.getStackTrace();
        StackTraceElement[] all = new StackTraceElement[own.length + Math.max(0, caller.length - 3)];
        System.arraycopy(own, 0, all, 0, own.length);
        // Without getStackTrace, withCaller and await
        System.arraycopy(caller, 3, all, own.length, all.length - own.length);
        failure.setStackTrace(all);
        return failure;
    }
}
