package io.qicore.mcp;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Where a handler waits until the test lets it go on, so that the test decides when a call ends. */
public final class Gate {

    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger entered = new AtomicInteger();
    private final CountDownLatch interrupted = new CountDownLatch(1);

    /** For the handler: waits, and takes note of an interrupt. */
    public void pass() throws InterruptedException {
        entered.incrementAndGet();
        try {
            if (!open.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("Nobody opened the gate.");
            }
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }

    /** For a handler that does not listen to interrupts. Clears none. */
    public void passStubbornly() {
        entered.incrementAndGet();
        boolean flag = false;
        while (true) {
            try {
                if (!open.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("Nobody opened the gate.");
                }
                break;
            } catch (InterruptedException e) {
                interrupted.countDown();
                flag = true;
            }
        }
        if (flag) {
            Thread.currentThread().interrupt();
        }
    }

    public void open() {
        open.countDown();
    }

    public int entered() {
        return entered.get();
    }

    public void awaitEntered(int handlers) {
        org.awaitility.Awaitility.await().atMost(PATIENCE).until(() -> entered.get() >= handlers);
    }

    /** Whether a handler at the gate was interrupted; waits for it. */
    public boolean awaitInterrupt() throws InterruptedException {
        return interrupted.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    public boolean wasInterrupted() {
        return interrupted.getCount() == 0;
    }
}
