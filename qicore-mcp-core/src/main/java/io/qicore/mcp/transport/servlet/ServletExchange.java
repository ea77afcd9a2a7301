package io.qicore.mcp.transport.servlet;

import io.qicore.mcp.internal.http.Body;
import io.qicore.mcp.internal.http.Exchange;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP exchange of a servlet container. Writes to the container block, so writes that must not block the caller run
 * on the executor {@code writers}.
 */
final class ServletExchange implements Exchange {

    private static final Logger log = LoggerFactory.getLogger(ServletExchange.class);

    /** The attribute that Jakarta Servlet 6, 3.10 names. */
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    /** The largest body that is read without a listener. */
    private static final int MAX_INLINE_BYTES = 64 << 10;

    /** The forms in which containers return the IPv6 loopback address. */
    private static final Set<String> LOOPBACK_V6 = Set.of("::1", "[::1]", "0:0:0:0:0:0:0:1", "[0:0:0:0:0:0:0:1]");

    /** How many bytes are written at once. The JDK keeps native memory of this size for each thread that writes. */
    private static final int SLICE_BYTES = 64 << 10;

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Executor writers;
    private volatile @Nullable AsyncContext async;
    /** Whether the container has ended the exchange. It may then reuse the request and the response for another one. */
    private volatile boolean endedByContainer;

    ServletExchange(HttpServletRequest request, HttpServletResponse response, Executor writers) {
        this.request = request;
        this.response = response;
        this.writers = writers;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public @Nullable String header(String name) {
        List<String> values = Collections.list(request.getHeaders(name));
        return values.isEmpty() ? null : String.join(", ", values);
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    @Override
    public URI url() {
        String url = request.getRequestURL().toString();
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            // Some containers accept more characters in a path than URIs have.
            return URI.create(
                    url.substring(0, url.length() - request.getRequestURI().length()));
        }
    }

    @Override
    public @Nullable String remoteAddress() {
        return request.getRemoteAddr();
    }

    @Override
    public @Nullable Principal userPrincipal() {
        return request.getUserPrincipal();
    }

    @Override
    public List<X509Certificate> clientCertificates() {
        return request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain ? List.of(chain) : List.of();
    }

    @Override
    public Object unwrap() {
        return request;
    }

    @Override
    public void dispatch(Runnable task) {
        Objects.requireNonNull(async).start(task);
    }

    @Override
    public String host() {
        return request.getServerName();
    }

    @Override
    public boolean onLoopback() {
        String address = request.getLocalAddr();
        // A Unix domain socket has no address.
        return address == null || address.startsWith("127.") || LOOPBACK_V6.contains(address);
    }

    @Override
    public long length() {
        return request.getContentLengthLong();
    }

    @Override
    public void read(Body body) {
        try {
            ServletInputStream in = request.getInputStream();
            long length = length();
            if (length >= 0 && length <= MAX_INLINE_BYTES && in.available() >= length) {
                // The usual case: the body has arrived with the header.
                if (body.add(ByteBuffer.wrap(in.readNBytes((int) length)))) {
                    body.end();
                }
                return;
            }
            detach();
            in.setReadListener(new BodyListener(in, body));
        } catch (IOException e) {
            log.debug("A body could not be read", e);
            body.fail();
        }
    }

    @Override
    public void detach() {
        if (async == null) {
            async = request.startAsync();
            // Disables the container's timeout: calls have their own deadlines, and subscriptions have none.
            async.setTimeout(0);
        }
    }

    @Override
    public void onDisconnect(Runnable action) {
        AsyncContext context = async;
        if (context != null) {
            context.addListener(new AsyncErrors(() -> {
                endedByContainer = true;
                action.run();
            }));
        }
    }

    @Override
    public void status(int status) {
        response.setStatus(status);
    }

    @Override
    public void header(String name, String value) {
        response.setHeader(name, value);
    }

    @Override
    public void addHeader(String name, String value) {
        response.addHeader(name, value);
    }

    @Override
    public void write(byte[] part, Consumer<@Nullable Throwable> done) {
        try {
            writers.execute(() -> done.accept(send(part)));
        } catch (RejectedExecutionException stopped) {
            done.accept(stopped);
        }
    }

    @Override
    public void end(byte[] rest, Runnable ended) {
        try {
            Throwable failure = rest.length == 0 ? null : send(rest);
            if (failure != null) {
                log.debug("A response could not be sent to the client", failure);
            }
        } finally {
            complete();
            ended.run();
        }
    }

    @Override
    public void abort(Runnable ended) {
        try {
            complete();
        } finally {
            ended.run();
        }
    }

    private @Nullable Throwable send(byte[] part) {
        if (endedByContainer) {
            return new IOException("The container has ended the exchange.");
        }
        try {
            ServletOutputStream out = response.getOutputStream();
            for (int sent = 0; sent < part.length; sent += SLICE_BYTES) {
                out.write(part, sent, Math.min(SLICE_BYTES, part.length - sent));
            }
            response.flushBuffer();
            return null;
        } catch (IOException | RuntimeException e) {
            // Containers throw different exceptions when the client has disconnected.
            return e;
        }
    }

    private void complete() {
        AsyncContext context = async;
        if (context == null) {
            return;
        }
        try {
            context.complete();
        } catch (IllegalStateException e) {
            log.debug("The container had already ended the exchange", e);
        }
    }

    @Override
    public void disconnect() {
        // A servlet cannot close the connection; the container's own timeout does.
    }
}
