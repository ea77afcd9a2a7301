package io.qicore.mcp.internal.client.protocol;

import io.qicore.mcp.client.error.MCPClientException;
import io.qicore.mcp.client.error.MCPConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Failures of futures. */
public final class Failures {

    private static final StackTraceElement CALLED_BY = new StackTraceElement("called", "by", null, -1);

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

    /**
     * Adds the stack of the caller to a failure that another thread has created; only once, because several callers can get the
     * same failure.
     */
    private static RuntimeException withCaller(RuntimeException failure) {
        StackTraceElement[] own = failure.getStackTrace();
        for (StackTraceElement element : own) {
            if (element.equals(CALLED_BY)) {
                return failure;
            }
        }
        List<StackTraceElement> all = new ArrayList<>(List.of(own));
        all.add(CALLED_BY);
        StackTraceElement[] caller = Thread.currentThread().getStackTrace();
        // Without getStackTrace and withCaller
        all.addAll(List.of(caller).subList(Math.min(2, caller.length), caller.length));
        failure.setStackTrace(all.toArray(StackTraceElement[]::new));
        return failure;
    }
}
