package io.qicore.mcp.transport.http;

import io.qicore.mcp.internal.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** An exchange of the bundled server. */
final class JettyExchange implements Exchange {

    /** What is set aside for a body because its header says so; larger ones get room as they arrive. */
    private static final int SMALL_BODY_BYTES = 64 << 10;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final boolean onLoopback;

    JettyExchange(Request request, Response response, Callback callback, boolean onLoopback) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.onLoopback = onLoopback;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public @Nullable String header(String name) {
        String values = null;
        for (HttpField field : request.getHeaders()) {
            if (field.is(name)) {
                values = values == null ? field.getValue() : values + ", " + field.getValue();
            }
        }
        return values;
    }

    @Override
    public String host() {
        return Request.getServerName(request);
    }

    @Override
    public boolean onLoopback() {
        return onLoopback;
    }

    @Override
    public long length() {
        return request.getLength();
    }

    @Override
    public byte[] body(int maxBytes) throws IOException {
        long length = request.getLength();
        try (InputStream body = Content.Source.asInputStream(request)) {
            if (length < 0 || length > SMALL_BODY_BYTES || length > maxBytes) {
                return body.readNBytes(maxBytes);
            }
            byte[] bytes = new byte[(int) length];
            // Whole, or Jetty throws: a client that sends less than it said has gone.
            body.readNBytes(bytes, 0, bytes.length);
            return bytes;
        }
    }

    @Override
    public void detach() {
        // Always so: the response is over when the callback has been called.
    }

    @Override
    public void onDisconnect(Runnable action) {
        request.addFailureListener(failure -> action.run());
    }

    @Override
    public void status(int status) {
        response.setStatus(status);
    }

    @Override
    public void header(String name, String value) {
        response.getHeaders().put(name, value);
    }

    @Override
    public void write(byte[] part, Consumer<@Nullable Throwable> done) {
        response.write(false, ByteBuffer.wrap(part), Callback.from(() -> done.accept(null), done));
    }

    @Override
    public void end(byte[] rest, Runnable ended) {
        Callback over = Callback.from(callback, ended);
        if (rest.length == 0) {
            over.succeeded();
        } else {
            response.write(true, ByteBuffer.wrap(rest), over);
        }
    }

    @Override
    public void abort(Runnable ended) {
        Callback.from(callback, ended).failed(new IOException("The response was broken off."));
    }
}
