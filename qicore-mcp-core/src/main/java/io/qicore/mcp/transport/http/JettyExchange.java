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
        String value = null;
        for (HttpField field : request.getHeaders()) {
            if (field.is(name)) {
                value = value == null ? field.getValue() : value + ", " + field.getValue();
            }
        }
        return value;
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
        try (InputStream body = Content.Source.asInputStream(request)) {
            return body.readNBytes(maxBytes);
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
