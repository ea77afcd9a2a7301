package io.qicore.mcp.internal.client.channel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after the other on an executor, and holds no thread while there are none. Thread-safe. */
public final class Serial implements Executor {

    private static final Logger log = LoggerFactory.getLogger(Serial.class);

    private final Executor executor;
    private final int maxOffered;
    private final long maxBytes;
    // Guarded by this.
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;
    private long offeredBytes;

    /** Creates it without limits. */
    public Serial(Executor executor) {
        this(executor, Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * @param executor runs the tasks
     * @param maxOffered how many tasks may wait for {@link #offer} to accept one more
     * @param maxBytes how many bytes the offered tasks that wait may hold
     */
    public Serial(Executor executor, int maxOffered, long maxBytes) {
        this.executor = executor;
        this.maxOffered = maxOffered;
        this.maxBytes = maxBytes;
    }

    /**
     * Runs a task after those before it.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the executor has been shut down
     */
    @Override
    public void execute(Runnable task) {
        boolean start;
        synchronized (this) {
            waiting.add(task);
            start = !running;
            running = true;
        }
        if (start) {
            executor.execute(this::run);
        }
    }

    /**
     * Runs a task as {@link #execute} does; returns false and does nothing if too many are waiting.
     *
     * @param bytes about how many bytes the task holds
     */
    public boolean offer(Runnable task, long bytes) {
        synchronized (this) {
            if (waiting.size() >= maxOffered || (offeredBytes > 0 && offeredBytes + bytes > maxBytes)) {
                return false;
            }
            offeredBytes += bytes;
        }
        execute(() -> {
            try {
                task.run();
            } finally {
                synchronized (this) {
                    offeredBytes -= bytes;
                }
            }
        });
        return true;
    }

    private void run() {
        while (true) {
            Runnable next;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    running = false;
                    return;
                }
            }
            try {
                next.run();
            } catch (RuntimeException | Error e) {
                log.warn("A callback of the client failed", e);
            }
        }
    }
}
