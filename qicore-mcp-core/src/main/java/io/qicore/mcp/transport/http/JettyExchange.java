package io.qicore.mcp.transport.http;

import io.qicore.mcp.internal.http.Body;
import io.qicore.mcp.internal.http.Exchange;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.jspecify.annotations.Nullable;

/** An HTTP exchange of the bundled Jetty server. */
final class JettyExchange implements Exchange {

    /** The largest part that is written at once and without a shorter idle timeout, which is costly to set. */
    private static final int SMALL_BYTES = SlicedWrite.SLICE_BYTES;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final boolean onLoopback;
    private final Duration writeTimeout;
    private volatile boolean closing;

    JettyExchange(Request request, Response response, Callback callback, boolean onLoopback, Duration writeTimeout) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.onLoopback = onLoopback;
        this.writeTimeout = writeTimeout;
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
    public List<X509Certificate> clientCertificates() {
        return request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData session
                        && session.peerCertificates() != null
                ? List.of(session.peerCertificates())
                : List.of();
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
    public void read(Body body) {
        switch (readAvailable(body)) {
            case COMPLETE -> body.end();
            case REFUSED -> {}
            case INCOMPLETE -> {
                EndPoint connection = endPoint();
                long idleTimeout = connection.getIdleTimeout();
                connection.setIdleTimeout(Math.min(idleTimeout, body.patience().toMillis()));
                request.demand(() -> readMore(body, idleTimeout));
            }
        }
    }

    /** Called when more of the body has arrived, or when nothing has arrived for the idle timeout. */
    private void readMore(Body body, long idleTimeout) {
        Progress progress = readAvailable(body);
        if (progress == Progress.INCOMPLETE) {
            request.demand(() -> readMore(body, idleTimeout));
            return;
        }
        endPoint().setIdleTimeout(idleTimeout);
        if (progress == Progress.COMPLETE) {
            // On another thread: Jetty reports nothing more of this request, such as a disconnect, until this one
            // returns.
            Executor threads = request.getComponents().getExecutor();
            Executor virtual = VirtualThreads.getVirtualThreadsExecutor(threads);
            (virtual == null ? threads : virtual).execute(body::end);
        }
    }

    private enum Progress {
        COMPLETE,
        INCOMPLETE,
        REFUSED
    }

    private Progress readAvailable(Body body) {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                return Progress.INCOMPLETE;
            }
            if (Content.Chunk.isFailure(chunk)) {
                closing = true;
                body.fail();
                return Progress.REFUSED;
            }
            boolean last = chunk.isLast();
            boolean accepted;
            try {
                accepted = body.add(chunk.getByteBuffer());
            } finally {
                chunk.release();
            }
            if (!accepted) {
                return Progress.REFUSED;
            }
            if (last) {
                return Progress.COMPLETE;
            }
        }
    }

    private EndPoint endPoint() {
        return request.getConnectionMetaData().getConnection().getEndPoint();
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
        Callback callback = Callback.from(() -> done.accept(null), done);
        write(part, false, callback);
    }

    @Override
    public void end(byte[] rest, Runnable ended) {
        Callback completion = Callback.from(callback, ended);
        if (closing) {
            // Jetty still waits for the body. If it comes when the exchange is over, the thread of the selector dies.
            completion = Callback.from(endPoint()::close, completion);
        }
        if (rest.length == 0) {
            completion.succeeded();
        } else {
            write(rest, true, completion);
        }
    }

    private void write(byte[] part, boolean last, Callback callback) {
        if (part.length <= SMALL_BYTES) {
            response.write(last, ByteBuffer.wrap(part), callback);
        } else {
            new SlicedWrite(response, part, last, impatient(callback)).iterate();
        }
    }

    /** Shortens the idle timeout until the callback runs, so that a client that does not read is disconnected. */
    private Callback impatient(Callback callback) {
        EndPoint connection = endPoint();
        long idleTimeout = connection.getIdleTimeout();
        connection.setIdleTimeout(Math.min(idleTimeout, writeTimeout.toMillis()));
        return Callback.from(() -> connection.setIdleTimeout(idleTimeout), callback);
    }

    @Override
    public void abort(Runnable ended) {
        Callback.from(callback, ended).failed(new IOException("The response was aborted."));
    }

    @Override
    public void disconnect() {
        endPoint().close(new TimeoutException("The client does not read."));
    }
}
