package io.qicore.mcp.internal.concurrent;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Threads for work that blocks: virtual ones where the JVM has them (21 and later), daemon threads otherwise. */
public final class Threads {

    private static final @Nullable MethodHandle VIRTUAL_EXECUTOR = virtualExecutor();

    private Threads() {}

    /** Runs a task apart from the caller, who must not be blocked by it, on a daemon thread. */
    public static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Runs short tasks at times, on one daemon thread. */
    public static ScheduledExecutorService clock(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** An executor with a thread for each task at hand. Whoever submits bounds their number. */
    public static ExecutorService perTask(String name) {
        if (VIRTUAL_EXECUTOR != null) {
            try {
                return (ExecutorService) VIRTUAL_EXECUTOR.invokeExact();
            } catch (Throwable e) {
                throw new IllegalStateException("This JVM refuses virtual threads.", e);
            }
        }
        AtomicInteger count = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The executor of virtual threads that Jetty can use, or null where the JVM has none. */
    public static @Nullable ExecutorService virtual() {
        return VIRTUAL_EXECUTOR == null ? null : perTask("");
    }

    private static @Nullable MethodHandle virtualExecutor() {
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class));
        } catch (ReflectiveOperationException olderJvm) {
            return null;
        }
    }
}
