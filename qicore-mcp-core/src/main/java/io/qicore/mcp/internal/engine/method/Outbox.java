package io.qicore.mcp.internal.engine.method;

import io.qicore.mcp.internal.concurrent.Threads;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one subscriber has still to be told. It is told on a thread of its own, one thing after the other, so that neither
 * whoever reports a change nor any other subscriber waits for one that reads slowly, or fails with one that is broken.
 * What waits already is not told twice. Thread-safe.
 */
public final class Outbox {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final String subscriber;
    private final Map<String, Runnable> waiting = new LinkedHashMap<>();
    private boolean busy = true;

    // Only one thread tells at a time, and hands over through the monitor.
    private boolean failed;

    /**
     * Keeps everything until {@link #open}.
     *
     * @param subscriber for the log
     */
    Outbox(String subscriber) {
        this.subscriber = subscriber;
    }

    /** Begins to tell. */
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
     * Adds something to tell.
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
