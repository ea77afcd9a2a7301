package io.qicore.mcp.internal.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request while it arrives. Takes its memory from the budget before it is read, and refuses the request if
 * the budget, the limit of size or the least rate is exceeded. Thread-safe.
 */
public final class Body {

    private static final byte[] EMPTY = new byte[0];

    /** From this size on, the memory that the parsed message will take up is estimated. */
    private static final int WORTH_WEIGHING = 8 << 10;

    /** What one value of a parsed message takes up at most, in bytes, in addition to its text. */
    private static final int VALUE_BYTES = 48;

    private static final int FIRST_BYTES = 8 << 10;

    private final Exchange exchange;
    private final Admission admission;
    private final Transfers transfers;
    private final ByteBudget.Share share;
    private final Consumer<byte[]> complete;
    private final long announced;
    private final long start = System.nanoTime();

    // Guarded by this.
    private byte[] bytes = EMPTY;
    private int size;
    private boolean over;

    private Body(
            Exchange exchange,
            Admission admission,
            Transfers transfers,
            ByteBudget.Share share,
            Consumer<byte[]> complete) {
        this.exchange = exchange;
        this.admission = admission;
        this.transfers = transfers;
        this.share = share;
        this.complete = complete;
        this.announced = exchange.length();
    }

    /**
     * Reads the body of a request. Does not wait for it. If it is refused, this class answers the request and releases the
     * share.
     *
     * @param share takes the memory of the body
     * @param complete receives the body, on this thread if it is there already
     */
    static void read(
            Exchange exchange,
            Admission admission,
            Transfers transfers,
            ByteBudget.Share share,
            Consumer<byte[]> complete) {
        Body body = new Body(exchange, admission, transfers, share, complete);
        if (body.announced > 0 && !share.grow(body.announced)) {
            body.refuse(noMemory());
            return;
        }
        exchange.read(body);
    }

    /** Returns how long the client may send nothing. */
    public Duration patience() {
        return transfers.timeout();
    }

    /** Adds the next part. Returns whether more parts are wanted; false if the request has been refused. */
    public boolean add(ByteBuffer part) {
        Refusal refusal;
        synchronized (this) {
            if (over) {
                return false;
            }
            refusal = append(part);
            if (refusal == null) {
                return true;
            }
            over = true;
            bytes = EMPTY;
        }
        refuse(refusal);
        return false;
    }

    /** Ends the body after its last part. Runs what receives the body, which may block. */
    public void end() {
        Refusal refusal;
        byte[] all;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            refusal = weigh();
            all = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
            bytes = EMPTY;
        }
        if (refusal == null) {
            complete.accept(all);
        } else {
            refuse(refusal);
        }
    }

    /** Ends the body early: the client has disconnected, or has sent nothing for as long as it may. */
    public void fail() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            bytes = EMPTY;
        }
        refuse(tooSlow());
    }

    private @Nullable Refusal append(ByteBuffer part) {
        int length = part.remaining();
        if (size + (long) length > admission.maxBodyBytes()) {
            return admission.tooLarge();
        }
        if (!makeRoom(length)) {
            return noMemory();
        }
        part.get(bytes, size, length);
        size += length;
        if (size < announced || announced < 0) {
            return transfers.tooSlow(size, System.nanoTime() - start) ? tooSlow() : null;
        }
        return null;
    }

    /** Makes room for so many more bytes. Allocates only what has arrived, whatever the client has announced. */
    private boolean makeRoom(int length) {
        int needed = size + length;
        if (needed <= bytes.length) {
            return true;
        }
        int capacity = needed;
        if (needed != announced) {
            capacity = Math.max(needed, Math.max(FIRST_BYTES, 2 * bytes.length));
            capacity = Math.min(capacity, announced > 0 ? (int) announced : admission.maxBodyBytes());
        }
        if (announced < 0 && !share.grow(capacity - bytes.length)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, capacity);
        return true;
    }

    /** Takes the memory that the parsed message will take up, which can be twenty times its size. */
    private @Nullable Refusal weigh() {
        if (size < WORTH_WEIGHING) {
            return null;
        }
        long values = 0;
        boolean inText = false;
        for (int i = 0; i < size; i++) {
            byte one = bytes[i];
            if (one == '"') {
                inText = !inText;
            } else if (inText && one == '\\') {
                i++;
            } else if (!inText && (one == ',' || one == ':' || one == '{' || one == '[')) {
                values++;
            }
        }
        long weight = values * VALUE_BYTES;
        if (!transfers.budget().canHold(size + weight)) {
            return new Refusal(413, "The message has too many values for the memory of this server: " + values + ".");
        }
        return share.growForHandling(weight) ? null : noMemory();
    }

    private void refuse(Refusal refusal) {
        share.release();
        refusal.answer(exchange);
    }

    private static Refusal noMemory() {
        return new Refusal(503, "The server has no memory for a message of this size now. Try again later.");
    }

    private static Refusal tooSlow() {
        return new Refusal(408, "The body did not arrive.");
    }
}
