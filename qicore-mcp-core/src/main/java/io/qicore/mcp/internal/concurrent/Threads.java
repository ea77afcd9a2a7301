package io.qicore.mcp.internal.concurrent;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Creates threads for work that blocks: virtual threads on Java 21 and later, daemon threads otherwise. */
public final class Threads {

    private static final Duration IDLE = Duration.ofSeconds(1);

    private static final @Nullable MethodHandle VIRTUAL_EXECUTOR =
            find(Executors.class, "newVirtualThreadPerTaskExecutor", MethodType.methodType(ExecutorService.class));

    private static final @Nullable MethodHandle VIRTUAL_START =
            find(Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));

    private Threads() {}

    /** Runs a task that may block: on a virtual thread if there are any, otherwise on a daemon thread of the given name. */
    public static void run(String name, Runnable task) {
        if (VIRTUAL_START == null) {
            start(name, task);
            return;
        }
        try {
            Thread started = (Thread) VIRTUAL_START.invokeExact(task);
            Objects.requireNonNull(started);
        } catch (Throwable e) {
            throw new IllegalStateException("This JVM cannot create virtual threads.", e);
        }
    }

    /**
     * Returns an executor for many short tasks, some of which block: virtual threads if there are any, otherwise a few daemon
     * threads that end when there is nothing to do. Needs not be shut down.
     *
     * @param max the largest number of daemon threads
     */
    public static ExecutorService few(String name, int max) {
        if (VIRTUAL_EXECUTOR != null) {
            return perTask(name);
        }
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                max, max, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), daemons(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

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
        return Executors.newCachedThreadPool(daemons(name));
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Returns an executor of virtual threads for Jetty, or null if the JVM does not have virtual threads. */
    public static @Nullable ExecutorService virtual() {
        return VIRTUAL_EXECUTOR == null ? null : perTask("");
    }

    private static @Nullable MethodHandle find(Class<?> owner, String method, MethodType type) {
        try {
            return MethodHandles.publicLookup().findStatic(owner, method, type);
        } catch (ReflectiveOperationException olderJvm) {
            return null;
        }
    }
}
