package io.qicore.mcp.transport.http;

import io.qicore.mcp.internal.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.jspecify.annotations.Nullable;

/** An HTTP exchange of the bundled Jetty server. */
final class JettyExchange implements Exchange {

    /**
     * The largest body for which the buffer is allocated by the {@code Content-Length} header. For larger bodies, the
     * buffer grows as bytes arrive, so that a client cannot make the server allocate memory without sending data.
     */
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
                // Jetty returns null for an empty value.
                String value = field.getValue() == null ? "" : field.getValue();
                values = values == null ? value : values + ", " + value;
            }
        }
        return values;
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getValuesList(name);
    }

    @Override
    public URI url() {
        HttpURI uri = request.getHttpURI();
        return HttpURI.build(uri).query(null).fragment(null).toURI();
    }

    @Override
    public @Nullable String remoteAddress() {
        return Request.getRemoteAddr(request);
    }

    @Override
    public @Nullable Principal userPrincipal() {
        return null;
    }

    @Override
    public Object unwrap() {
        return request;
    }

    @Override
    public void dispatch(Runnable task) {
        Executor threads = request.getComponents().getExecutor();
        Executor virtual = VirtualThreads.getVirtualThreadsExecutor(threads);
        (virtual == null ? threads : virtual).execute(task);
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
            // Reads the whole body: Jetty throws an exception if the client sends less than it announced.
            body.readNBytes(bytes, 0, bytes.length);
            return bytes;
        }
    }

    @Override
    public void detach() {
        // Not needed: Jetty keeps the exchange open until the callback is completed.
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
    public void addHeader(String name, String value) {
        response.getHeaders().add(name, value);
    }

    @Override
    public void write(byte[] part, Consumer<@Nullable Throwable> done) {
        response.write(false, ByteBuffer.wrap(part), Callback.from(() -> done.accept(null), done));
    }

    @Override
    public void end(byte[] rest, Runnable ended) {
        Callback completion = Callback.from(callback, ended);
        if (rest.length == 0) {
            completion.succeeded();
        } else {
            response.write(true, ByteBuffer.wrap(rest), completion);
        }
    }

    @Override
    public void abort(Runnable ended) {
        Callback.from(callback, ended).failed(new IOException("The response was aborted."));
    }
}
