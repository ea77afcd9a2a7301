package io.qicore.mcp.internal.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the memory that bodies which arrive and answers which clients have not read yet take up together. Large messages
 * get three quarters of it at most, so that they cannot keep out small ones. Thread-safe.
 */
public final class ByteBudget {

    /** The largest message that counts as small, in bytes. */
    static final int SMALL = 64 << 10;

    private static final long SMALLEST_DEFAULT = 16L << 20;

    private final long max;
    private final long maxWithLarge;
    private final AtomicLong used = new AtomicLong();

    /** @param max the limit in bytes */
    public ByteBudget(long max) {
        this.max = max;
        this.maxWithLarge = max - max / 4;
    }

    /** Returns the default limit in bytes: an eighth of the largest heap of this JVM, at least 16 MiB. */
    public static long defaultLimit() {
        return Math.max(SMALLEST_DEFAULT, Runtime.getRuntime().maxMemory() / 8);
    }

    /** Returns a share without any bytes. */
    Share share() {
        return new Share();
    }

    /** Returns whether a message of this size can ever fit. */
    boolean canHold(long bytes) {
        return bytes <= (bytes <= SMALL ? max : maxWithLarge);
    }

    /** Returns the bytes that all shares hold. */
    long used() {
        return used.get();
    }

    /** What one message holds. Its methods must not be called concurrently. */
    final class Share {

        private long held;
        private long heldForHandling;

        private Share() {}

        /** Adds bytes. Returns false and adds nothing if they do not fit. */
        boolean grow(long bytes) {
            if (used.addAndGet(bytes) > (held + bytes <= SMALL ? max : maxWithLarge)) {
                used.addAndGet(-bytes);
                return false;
            }
            held += bytes;
            return true;
        }

        /** Adds bytes that are needed until the message has been handled. */
        boolean growForHandling(long bytes) {
            if (!grow(bytes)) {
                return false;
            }
            heldForHandling += bytes;
            return true;
        }

        /** Gives back what was needed to handle the message, which has an answer now. */
        void handled() {
            used.addAndGet(-heldForHandling);
            held -= heldForHandling;
            heldForHandling = 0;
        }

        /** Gives all bytes back. */
        void release() {
            used.addAndGet(-held);
            held = 0;
            heldForHandling = 0;
        }
    }
}
