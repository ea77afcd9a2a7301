package io.qicore.mcp.transport.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;

/**
 * Writes many bytes a slice at a time. The JDK copies what is written at once into native memory, which it keeps for each
 * thread.
 */
final class SlicedWrite extends IteratingNestedCallback {

    static final int SLICE_BYTES = 64 << 10;

    private final Response response;
    private final byte[] bytes;
    private final boolean last;
    private int written;

    /**
     * Creates the write, which {@link #iterate} begins.
     *
     * @param last whether the response ends with the bytes
     * @param callback completed when all have been written
     */
    SlicedWrite(Response response, byte[] bytes, boolean last, Callback callback) {
        super(callback);
        this.response = response;
        this.bytes = bytes;
        this.last = last;
    }

    @Override
    protected Action process() {
        if (written == bytes.length) {
            return Action.SUCCEEDED;
        }
        int length = Math.min(SLICE_BYTES, bytes.length - written);
        ByteBuffer slice = ByteBuffer.wrap(bytes, written, length);
        written += length;
        response.write(last && written == bytes.length, slice, this);
        return Action.SCHEDULED;
    }
}
