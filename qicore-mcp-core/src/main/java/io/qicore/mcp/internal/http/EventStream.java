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
 * A response that is a stream of server-sent events and begins with the first event. Events are sent in their order; a thread
 * that adds an event sends it if no other thread is sending, and does not wait for the client unless the queue is full. A
 * client that does not read for {@link #PATIENCE} counts as disconnected, so that it cannot delay notifications to other
 * clients for long. Thread-safe.
 */
final class EventStream {

    /** The size of the queue, in bytes, above which senders wait for the client. */
    static final int MAX_WAITING_BYTES = 256 << 10;

    /** How long a sender waits for a client that does not read. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BLANK = "\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = new byte[0];

    /** The size of the queue, in bytes, above which the client is not ready for notifications that can wait. */
    private static final int READY_BYTES = 16 << 10;

    private final Exchange exchange;
    private final Transfers transfers;
    private final ByteBudget.Share memory;
    private final boolean json;
    private final Runnable gone;
    private final Runnable ended;

    // A lock instead of a monitor: before Java 24, a virtual thread that waits for a monitor blocks its carrier thread.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Deque<byte[]> waiting = new ArrayDeque<>(1);
    private int waitingBytes;
    private long lastSent = System.nanoTime();
    private int partBytes;
    private @Nullable Runnable whenReady;
    private boolean begun;
    private boolean sending;
    private boolean broken;
    private boolean closing;
    private boolean over;

    /**
     * Creates a stream that has not begun.
     *
     * @param exchange the request and its response
     * @param json whether the response is one JSON object with blanks before it, for a client that does not accept events
     * @param transfers limits the memory of large events and the time that the client may take to read
     * @param gone runs at most once, on any thread, when the client is found to have disconnected; the exchange goes on
     *     until {@link #end} or {@link #abort} is called
     * @param ended runs when the exchange is over
     */
    EventStream(Exchange exchange, boolean json, Transfers transfers, Runnable gone, Runnable ended) {
        this.exchange = exchange;
        this.json = json;
        this.transfers = transfers;
        this.memory = transfers.budget().share();
        this.gone = gone;
        this.ended = ended;
    }

    /** Returns the bytes of an event; {@code data} must be one line. */
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

    /**
     * Sends an event, unless the client has disconnected or the stream has been ended. A large event for which there is no
     * memory breaks the stream.
     */
    void send(byte[] event) {
        boolean stuck;
        lock.lock();
        try {
            stuck = !awaitRoom(event.length);
            if (closing || broken) {
                return;
            }
            stuck = stuck || (event.length > ByteBudget.SMALL && !memory.grow(event.length));
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

    /**
     * Returns whether the client has read nearly everything. Otherwise runs the action when it has, when it has disconnected or
     * when the stream ends.
     */
    boolean isReady(Runnable action) {
        lock.lock();
        try {
            if (closing || broken || waitingBytes <= READY_BYTES) {
                return true;
            }
            Runnable before = whenReady;
            whenReady = before == null
                    ? action
                    : () -> {
                        before.run();
                        action.run();
                    };
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a comment, or a blank before JSON, if nothing has been sent for the given time. If the client has disconnected, the
     * second comment fails and reveals it. A client that takes too long to read is disconnected.
     */
    void keepAlive(Duration silence) {
        boolean stuck;
        lock.lock();
        try {
            stuck = sending && transfers.tooLong(partBytes, System.nanoTime() - lastSent);
        } finally {
            lock.unlock();
        }
        if (stuck) {
            exchange.disconnect();
            return;
        }
        lock.lock();
        try {
            if (closing || broken || sending || System.nanoTime() - lastSent < silence.toNanos()) {
                return;
            }
            begin();
            queue(json ? BLANK : KEEP_ALIVE);
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** Ends the response after all events have been sent; {@code last} is sent as the last event unless it is null. */
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

    /** Aborts the response as soon as the event that is being sent has been sent; drops the others. */
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

    /** Closes the stream if no event has been sent. Returns true if so; the caller then writes the response. */
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

    private @Nullable Runnable takeReady() {
        Runnable action = whenReady;
        whenReady = null;
        return action;
    }

    private void begin() {
        if (!begun) {
            begun = true;
            exchange.status(200);
            exchange.header("Content-Type", json ? "application/json" : "text/event-stream");
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
            // The call is being cancelled. One event above the limit does no harm.
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** Sends the queue, one part at a time, unless another thread is doing so. */
    private void pump() {
        while (true) {
            byte[] part;
            boolean last;
            boolean abort;
            Runnable ready;
            lock.lock();
            try {
                if (over || sending || (waiting.isEmpty() && !closing)) {
                    return;
                }
                sending = true;
                last = closing && waiting.size() <= 1;
                over = last;
                abort = broken;
                part = waiting.isEmpty() ? EMPTY : waiting.remove();
                waitingBytes -= part.length;
                partBytes = part.length;
                lastSent = System.nanoTime();
                room.signalAll();
                ready = waitingBytes <= READY_BYTES ? takeReady() : null;
            } finally {
                lock.unlock();
            }
            if (ready != null) {
                ready.run();
            }
            if (last) {
                if (abort) {
                    exchange.abort(this::over);
                } else {
                    exchange.end(part, this::over);
                }
                return;
            }
            if (!sendNow(part)) {
                return;
            }
        }
    }

    private void over() {
        lock.lock();
        try {
            sending = false;
            memory.release();
        } finally {
            lock.unlock();
        }
        ended.run();
    }

    /** Sends a part. Returns true if that is done; otherwise the callback of the write continues with the queue. */
    private boolean sendNow(byte[] part) {
        // The later of this method and the callback continues, so that the stack does not grow with each part that is
        // sent
        // at once.
        AtomicBoolean earlier = new AtomicBoolean(true);
        exchange.write(part, failure -> {
            sent(failure);
            if (!earlier.getAndSet(false)) {
                pump();
            }
        });
        return !earlier.getAndSet(false);
    }

    private void sent(@Nullable Throwable failure) {
        lock.lock();
        try {
            sending = false;
            lastSent = System.nanoTime();
            if (waiting.isEmpty()) {
                memory.release();
            }
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            broken();
        }
    }

    private void broken() {
        Runnable ready;
        lock.lock();
        try {
            if (broken) {
                return;
            }
            broken = true;
            discard();
            ready = takeReady();
        } finally {
            lock.unlock();
        }
        if (ready != null) {
            ready.run();
        }
        gone.run();
    }
}
