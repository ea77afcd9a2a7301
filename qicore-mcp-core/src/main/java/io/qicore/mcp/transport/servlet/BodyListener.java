package io.qicore.mcp.transport.servlet;

import io.qicore.mcp.internal.http.Body;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a body as it arrives, without a thread that waits for it. The container calls one method at a time. */
final class BodyListener implements ReadListener {

    private static final int BUFFER_BYTES = 8 << 10;

    private final ServletInputStream in;
    private final Body body;

    BodyListener(ServletInputStream in, Body body) {
        this.in = in;
        this.body = body;
    }

    @Override
    public void onDataAvailable() throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (in.isReady() && !in.isFinished()) {
            int read = in.read(buffer);
            if (read < 0 || !body.add(ByteBuffer.wrap(buffer, 0, read))) {
                return;
            }
        }
    }

    @Override
    public void onAllDataRead() {
        body.end();
    }

    @Override
    public void onError(Throwable failure) {
        body.fail();
    }
}
