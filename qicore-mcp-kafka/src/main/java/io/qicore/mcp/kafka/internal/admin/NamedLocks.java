package io.qicore.mcp.kafka.internal.admin;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A lock for each name that is in use. Thread-safe. */
public final class NamedLocks {

    private final ConcurrentHashMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /**
     * Acquires the lock of a name.
     *
     * @return what releases it, on the same thread; null if it is not free in time
     */
    public @Nullable Held tryAcquire(String name, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            ReentrantLock lock = locks.computeIfAbsent(name, any -> new ReentrantLock());
            if (!lock.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return null;
            }
            if (locks.get(name) == lock) {
                return new Held(name, lock);
            }
            // Its last holder has removed it, and another call may have made a new one since.
            lock.unlock();
        }
    }

    /** A lock that is held. */
    public final class Held implements AutoCloseable {

        private final String name;
        private final ReentrantLock lock;

        private Held(String name, ReentrantLock lock) {
            this.name = name;
            this.lock = lock;
        }

        /** Releases the lock. */
        @Override
        public void close() {
            locks.remove(name, lock);
            lock.unlock();
        }
    }
}
