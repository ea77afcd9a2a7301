package io.qicore.mcp.internal.connection;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Limits the messages of one connection that are being handled: their number and their bytes. A client that sends messages
 * and does not read the answers is not read from any more, so that it can take up neither threads nor memory without end.
 * Thread-safe.
 */
public final class Backlog {

    /** How many messages more than calls there may be: those that are refused, and those whose answers are being sent. */
    private static final int MORE_THAN_CALLS = 64;

    private final int maxMessages;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private int messages;
    private long bytes;

    /**
     * @param maxMessages how many messages may be handled at once
     * @param maxBytes how many bytes they may have together; a single message may have more
     */
    public Backlog(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Returns a limit for an engine that serves so many calls at once. */
    public static Backlog forCalls(int maxConcurrentCalls) {
        return new Backlog(
                maxConcurrentCalls + MORE_THAN_CALLS, Runtime.getRuntime().maxMemory() / 8);
    }

    /**
     * Adds a message. Waits while there are too many.
     *
     * @throws InterruptedException if the thread is interrupted, as when the transport stops
     */
    public void begin(int size) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (isFull(size)) {
                room.await();
            }
            messages++;
            bytes += size;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a message. Returns false and adds nothing if there are too many. */
    public boolean tryBegin(int size) {
        lock.lock();
        try {
            if (isFull(size)) {
                return false;
            }
            messages++;
            bytes += size;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull(int size) {
        return messages >= maxMessages || (messages > 0 && bytes + size > maxBytes);
    }

    /** Removes a message that has been handled. */
    public void end(int size) {
        lock.lock();
        try {
            messages--;
            bytes -= size;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
