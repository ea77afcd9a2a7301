package io.qicore.mcp.internal.engine.method;

import io.qicore.mcp.internal.concurrent.Threads;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notifications that one subscriber has not received yet. They are sent one after the other on a thread of their
 * own, so that a slow or broken subscriber affects neither the caller that reports a change nor other subscribers. A
 * notification that waits already is not added again. Thread-safe.
 */
public final class Outbox {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final String subscriber;
    private final Map<String, Runnable> waiting = new LinkedHashMap<>();
    private boolean busy = true;

    // Only one thread sends at a time, and hands over through the monitor.
    private boolean failed;

    /**
     * Creates an outbox that keeps all notifications until {@link #open}.
     *
     * @param subscriber for the log
     */
    Outbox(String subscriber) {
        this.subscriber = subscriber;
    }

    /** Begins to send. */
    void open() {
        synchronized (this) {
            busy = !waiting.isEmpty();
            if (!busy) {
                return;
            }
        }
        Threads.start("mcp-notify", this::tell);
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
        Threads.start("mcp-notify", this::tell);
    }

    private void warn(RuntimeException e) {
        if (failed) {
            log.debug("{} could not be told of a change", subscriber, e);
        } else {
            failed = true;
            log.warn("{} could not be told of a change; further failures go to the debug log", subscriber, e);
        }
    }

    private void tell() {
        while (true) {
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
