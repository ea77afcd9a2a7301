package io.qicore.mcp.interop;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** Runs checks by name and counts them. */
final class Checks {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /** Runs a check of a server. */
    void check(String server, String name, ThrowingRunnable body) {
        try {
            body.run();
            passed.incrementAndGet();
            System.out.println("ok " + server + ": " + name);
        } catch (Throwable e) {
            failed.incrementAndGet();
            System.out.println("not ok " + server + ": " + name + ": " + e);
            e.printStackTrace(System.out);
        }
    }

    /** Waits until an assertion holds. */
    static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).untilAsserted(assertion);
    }

    /** Prints the sums; returns whether all checks have passed. */
    boolean summarize() {
        System.out.println(passed + " passed, " + failed + " failed");
        return failed.get() == 0 && passed.get() > 0;
    }
}
