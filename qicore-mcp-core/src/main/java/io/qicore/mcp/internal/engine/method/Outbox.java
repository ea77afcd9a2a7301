package io.qicore.mcp.internal.engine.method;

import io.qicore.mcp.internal.log.LogText;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notifications that one subscriber has not received yet. They are sent one after the other on a thread of the executor
 * that all outboxes share, so that a slow or broken subscriber affects neither the caller that reports a change nor other
 * subscribers. While the client does not read, they wait here and hold no thread. A notification that waits already is not
 * added again. Thread-safe.
 */
public final class Outbox {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final String subscriber;
    private final Executor threads;
    private final Predicate<Runnable> ready;
    private final Map<String, Runnable> waiting = new LinkedHashMap<>();
    private boolean busy = true;

    // Only one thread sends at a time, and hands over through the monitor.
    private boolean failed;

    /**
     * Creates an outbox that keeps all notifications until {@link #open}.
     *
     * @param subscriber for the log
     * @param threads runs what sends
     * @param ready whether the client can take another notification; if not, runs its argument when the client can
     */
    Outbox(String subscriber, Executor threads, Predicate<Runnable> ready) {
        this.subscriber = subscriber;
        this.threads = threads;
        this.ready = ready;
    }

    /** Begins to send. */
    void open() {
        synchronized (this) {
            busy = !waiting.isEmpty();
            if (!busy) {
                return;
            }
        }
        send();
    }

    /**
     * Adds a notification.
     *
     * @param what replaces what waits under the same name
     */
    void put(String what, Runnable telling) {
        synchronized (this) {
            waiting.put(what, telling);
            if (busy) {
                return;
            }
            busy = true;
        }
        send();
    }

    private void warn(RuntimeException e) {
        if (failed) {
            log.debug("{} could not be told of a change", LogText.of(subscriber), LogText.of(e));
        } else {
            failed = true;
            log.warn(
                    "{} could not be told of a change; further failures go to the debug log",
                    LogText.of(subscriber),
                    LogText.of(e));
        }
    }

    private void send() {
        threads.execute(this::tell);
    }

    private void tell() {
        while (true) {
            if (!ready.test(this::send)) {
                return;
            }
            Runnable next;
            synchronized (this) {
                Iterator<Runnable> first = waiting.values().iterator();
                if (!first.hasNext()) {
                    busy = false;
                    return;
                }
                next = first.next();
                first.remove();
            }
            try {
                next.run();
            } catch (RuntimeException e) {
                warn(e);
            }
        }
    }
}
