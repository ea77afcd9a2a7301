package io.qicore.mcp.internal.json;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Collects the bytes of a value. When there are many, waits until few other threads write large values: writing one takes up
 * several times its size for a moment, which is too much if a hundred threads do so at once. Not thread-safe.
 */
final class LargeOutput extends ByteArrayOutputStream {

    private static final int FIRST_BYTES = 1 << 10;
    private static final int LARGE = 256 << 10;

    /** One for each 256 MiB of heap, at most one for each processor. */
    private static final Semaphore LARGE_AT_ONCE = new Semaphore((int) Math.max(
            1,
            Math.min(
                    Runtime.getRuntime().availableProcessors(),
                    Runtime.getRuntime().maxMemory() >> 28)));

    private final LargeOutput outermost;
    private boolean large;

    /** @param around what the value is written to in the end, if it is a part of another one */
    LargeOutput(@Nullable LargeOutput around) {
        super(FIRST_BYTES);
        this.outermost = around == null ? this : around.outermost;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (count + length > LARGE) {
            outermost.awaitTurn();
        }
        super.write(bytes, offset, length);
    }

    /** Waits until this thread may write a large value, which the outermost output stands for. */
    private void awaitTurn() {
        if (!large) {
            LARGE_AT_ONCE.acquireUninterruptibly();
            large = true;
        }
    }

    /** Lets another thread write. Must be called once, whether or not the value could be written. */
    void end() {
        if (large) {
            large = false;
            LARGE_AT_ONCE.release();
        }
    }
}
