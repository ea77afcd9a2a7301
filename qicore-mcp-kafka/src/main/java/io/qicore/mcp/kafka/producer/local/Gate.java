package io.qicore.mcp.kafka.producer.local;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Where the thread of a producer waits: for its next turn, while it is paused, and before a retry. Thread-safe. */
final class Gate {

    // After a longer delay the missed turns are dropped, because they would come as a burst.
    private static final long MAX_BEHIND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double LONGEST_TURN_NANOS = TimeUnit.DAYS.toNanos(365);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private double rate;
    private long due = System.nanoTime();
    private boolean paused;
    private boolean stopped;
    private boolean hurried;

    /**
     * Creates a gate whose first turn is due now.
     *
     * @param rate turns per second; 0 for no limit
     */
    Gate(double rate) {
        this.rate = rate;
    }

    /** Waits for the next turn and returns true, or returns false as soon as the thread is to stop. */
    boolean awaitTurn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopped) {
                long now = System.nanoTime();
                if (paused) {
                    changed.await();
                } else if (rate == 0) {
                    return true;
                } else if (due - now > 0) {
                    changed.awaitNanos(due - now);
                } else {
                    due = (now - due > MAX_BEHIND_NANOS ? now : due) + turnNanos();
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits while the producer is paused. Returns false if the thread is to stop. */
    boolean awaitOpen() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (paused && !stopped) {
                changed.await();
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a retry is due, or somebody resumes the producer. Returns false if the thread is to stop. */
    boolean awaitRetry(Duration delay) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            hurried = false;
            long end = System.nanoTime() + delay.toNanos();
            while (!stopped && !hurried && (paused || end - System.nanoTime() > 0)) {
                if (paused) {
                    changed.await();
                } else {
                    changed.awaitNanos(end - System.nanoTime());
                }
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    void pause() {
        change(() -> paused = true);
    }

    void resume() {
        change(() -> {
            paused = false;
            hurried = true;
            // The turns of the pause are not made up for.
            due = Math.max(due, System.nanoTime());
        });
    }

    void stop() {
        change(() -> stopped = true);
    }

    void rate(double newRate) {
        change(() -> {
            rate = newRate;
            due = Math.min(due, System.nanoTime() + turnNanos());
        });
    }

    double rate() {
        lock.lock();
        try {
            return rate;
        } finally {
            lock.unlock();
        }
    }

    boolean isPaused() {
        lock.lock();
        try {
            return paused;
        } finally {
            lock.unlock();
        }
    }

    boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private long turnNanos() {
        return rate == 0 ? 0 : (long) Math.min(TimeUnit.SECONDS.toNanos(1) / rate, LONGEST_TURN_NANOS);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
