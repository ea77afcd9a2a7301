package io.qicore.mcp.internal.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A response as a stream of server-sent events, begun with the first of them. Events are sent in their order by whoever
 * finds the response free; nobody waits for the client unless much is waiting already. A client that does not read for
 * {@link #PATIENCE} counts as gone, so that it cannot hold up for long those who tell many. Thread-safe.
 */
final class EventStream {

    /** How much may wait for the client, in bytes, before those who send do. */
    static final int MAX_WAITING_BYTES = 256 << 10;

    /** How long they do. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = new byte[0];

    private final Exchange exchange;
    private final Runnable gone;
    private final Runnable ended;

    // A lock and no monitor: a virtual thread that waits in a monitor holds its carrier before Java 24.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Deque<byte[]> waiting = new ArrayDeque<>(1);
    private int waitingBytes;
    private long lastSent = System.nanoTime();
    private boolean begun;
    private boolean sending;
    private boolean broken;
    private boolean closing;
    private boolean over;

    /**
     * @param gone runs when the client turns out to be gone, on any thread, at most once; the exchange goes on until
     *     somebody ends it
     * @param ended runs when the exchange is over
     */
    EventStream(Exchange exchange, Runnable gone, Runnable ended) {
        this.exchange = exchange;
        this.gone = gone;
        this.ended = ended;
    }

    /** An event, its data one line. */
    static byte[] event(@Nullable String name, byte[] data) {
        ByteArrayOutputStream event = new ByteArrayOutputStream(data.length + 32);
        if (name != null) {
            event.writeBytes(("event: " + name + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        event.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
        event.writeBytes(data);
        event.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        return event.toByteArray();
    }

    /** Sends an event, unless the client is gone or the stream has been ended. */
    void send(byte[] event) {
        boolean stuck;
        lock.lock();
        try {
            stuck = !awaitRoom(event.length);
            if (closing || broken) {
                return;
            }
            if (!stuck) {
                begin();
                queue(event);
            }
        } finally {
            lock.unlock();
        }
        if (stuck) {
            broken();
        } else {
            pump();
        }
    }

    /** Sends a comment if nothing has been sent for that long. A client that has gone is found out by the second. */
    void keepAlive(Duration silence) {
        lock.lock();
        try {
            if (closing || broken || sending || System.nanoTime() - lastSent < silence.toNanos()) {
                return;
            }
            begin();
            queue(KEEP_ALIVE);
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** Ends the response when everything has been sent, with a last event if there is one. */
    void end(byte @Nullable [] last) {
        lock.lock();
        try {
            if (closing) {
                return;
            }
            begin();
            closing = true;
            if (last != null && !broken) {
                queue(last);
            }
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** Breaks the response off, as soon as nothing is being sent. */
    void abort() {
        lock.lock();
        try {
            if (closing) {
                return;
            }
            closing = true;
            broken = true;
            discard();
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** True if no event has been sent, and none will be: the response is then the caller's. */
    boolean leave() {
        lock.lock();
        try {
            if (begun || closing) {
                return false;
            }
            closing = true;
            over = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            exchange.status(200);
            exchange.header("Content-Type", "text/event-stream");
            exchange.header("Cache-Control", "no-store");
            exchange.header("X-Accel-Buffering", "no");
        }
    }

    private void queue(byte[] part) {
        waiting.add(part);
        waitingBytes += part.length;
    }

    private void discard() {
        waiting.clear();
        waitingBytes = 0;
        room.signalAll();
    }

    private boolean awaitRoom(int length) {
        long left = PATIENCE.toNanos();
        try {
            while (!closing && !broken && waitingBytes > 0 && waitingBytes + length > MAX_WAITING_BYTES) {
                if (left <= 0) {
                    return false;
                }
                left = room.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Its call is being cancelled. One event above the limit does no harm.
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** Sends what waits, a part at a time, unless somebody does already. */
    private void pump() {
        while (true) {
            byte[] part;
            boolean last;
            boolean abort;
            lock.lock();
            try {
                if (over || sending || (waiting.isEmpty() && !closing)) {
                    return;
                }
                sending = true;
                last = closing && waiting.size() <= 1;
                over = last;
                abort = broken;
                part = waiting.isEmpty() ? NOTHING : waiting.remove();
                waitingBytes -= part.length;
                room.signalAll();
            } finally {
                lock.unlock();
            }
            if (last) {
                if (abort) {
                    exchange.abort(ended);
                } else {
                    exchange.end(part, ended);
                }
                return;
            }
            if (!sendNow(part)) {
                return;
            }
        }
    }

    /** True if the part has been sent already; otherwise whoever finishes that goes on. */
    private boolean sendNow(byte[] part) {
        // Whoever comes second goes on, so that parts that are sent at once do not pile up on the stack.
        AtomicBoolean first = new AtomicBoolean(true);
        exchange.write(part, failure -> {
            sent(failure);
            if (!first.getAndSet(false)) {
                pump();
            }
        });
        return !first.getAndSet(false);
    }

    private void sent(@Nullable Throwable failure) {
        lock.lock();
        try {
            sending = false;
            lastSent = System.nanoTime();
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            broken();
        }
    }

    private void broken() {
        lock.lock();
        try {
            if (broken) {
                return;
            }
            broken = true;
            discard();
        } finally {
            lock.unlock();
        }
        gone.run();
    }
}
