package io.qicore.mcp.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and closes two servers in parallel: each takes seconds, most of which it waits. */
final class SideBySide {

    private static final Logger log = LoggerFactory.getLogger(SideBySide.class);

    private SideBySide() {}

    /** Starts both servers. If one of them fails, closes the other and throws the failure. */
    static <A extends AutoCloseable, B extends AutoCloseable, R> R start(
            Supplier<A> first, Supplier<B> second, BiFunction<A, B, R> both) {
        CompletableFuture<A> a = run("infrastructure-start-1", first);
        CompletableFuture<B> b = run("infrastructure-start-2", second);
        try {
            CompletableFuture.allOf(a, b).join();
            return both.apply(a.join(), b.join());
        } catch (CompletionException e) {
            closeIfStarted(a);
            closeIfStarted(b);
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    static void close(AutoCloseable first, AutoCloseable second) {
        CompletableFuture<Void> a = run("infrastructure-stop", () -> closeQuietly(first));
        closeQuietly(second);
        a.join();
    }

    private static <T> CompletableFuture<T> run(String name, Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, command -> new Thread(command, name).start());
    }

    private static void closeIfStarted(CompletableFuture<? extends AutoCloseable> future) {
        if (!future.isCompletedExceptionally()) {
            closeQuietly(future.join());
        }
    }

    private static Void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            log.warn("Could not close {}", resource, e);
        }
        return null;
    }
}
