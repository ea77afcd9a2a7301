package io.qicore.mcp.internal.concurrent;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Creates threads for work that blocks: virtual threads on Java 21 and later, daemon threads otherwise. */
public final class Threads {

    private static final @Nullable MethodHandle VIRTUAL_EXECUTOR = virtualExecutor();

    private Threads() {}

    /** Starts a daemon thread that runs a task. */
    public static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Returns a scheduler for short tasks, with one daemon thread. */
    public static ScheduledExecutorService clock(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Returns an executor that runs each task on a thread of its own. Callers must limit the number of tasks. */
    public static ExecutorService perTask(String name) {
        if (VIRTUAL_EXECUTOR != null) {
            try {
                return (ExecutorService) VIRTUAL_EXECUTOR.invokeExact();
            } catch (Throwable e) {
                throw new IllegalStateException("This JVM cannot create virtual threads.", e);
            }
        }
        AtomicInteger count = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Returns an executor of virtual threads for Jetty, or null if the JVM does not have virtual threads. */
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
