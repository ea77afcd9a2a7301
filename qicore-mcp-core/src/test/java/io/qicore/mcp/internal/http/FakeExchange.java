package io.qicore.mcp.internal.http;

import java.net.URI;
import java.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An exchange whose writes end when a test says so. Shows an end as {@code |} and a break as {@code !}. */
final class FakeExchange implements Exchange {

    final Map<String, String> headers = new HashMap<>();
    private final StringBuffer sent = new StringBuffer();
    long length = -1;
    int status;
    private @Nullable Body body;
    private boolean held;
    private @Nullable Consumer<@Nullable Throwable> writing;

    /** From now on writes do not end by themselves. */
    void hold() {
        held = true;
    }

    /** From now on they do. */
    void release() {
        held = false;
    }

    /** Ends the write that is going on. */
    void finish(@Nullable Throwable failure) {
        Consumer<@Nullable Throwable> done = writing;
        writing = null;
        if (done != null) {
            done.accept(failure);
        }
    }

    String sent() {
        return sent.toString();
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public @Nullable String header(String name) {
        return null;
    }

    @Override
    public List<String> headers(String name) {
        return List.of();
    }

    @Override
    public URI url() {
        return URI.create("http://localhost/mcp");
    }

    @Override
    public @Nullable String remoteAddress() {
        return "127.0.0.1";
    }

    @Override
    public @Nullable Principal userPrincipal() {
        return null;
    }

    @Override
    public java.util.List<java.security.cert.X509Certificate> clientCertificates() {
        return java.util.List.of();
    }

    @Override
    public Object unwrap() {
        return this;
    }

    @Override
    public void dispatch(Runnable task) {
        task.run();
    }

    @Override
    public String host() {
        return "localhost";
    }

    @Override
    public boolean onLoopback() {
        return true;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void read(Body toRead) {
        body = toRead;
    }

    /** The body that is being read. */
    Body body() {
        return Objects.requireNonNull(body);
    }

    @Override
    public void detach() {}

    @Override
    public void onDisconnect(Runnable action) {}

    @Override
    public void status(int code) {
        status = code;
    }

    @Override
    public void header(String name, String value) {
        headers.put(name, value);
    }

    @Override
    public void addHeader(String name, String value) {
        headers.merge(name, value, (one, other) -> one + ", " + other);
    }

    @Override
    public void write(byte[] part, Consumer<@Nullable Throwable> done) {
        if (writing != null) {
            throw new IllegalStateException("A write is going on.");
        }
        sent.append(new String(part, java.nio.charset.StandardCharsets.UTF_8));
        if (held) {
            writing = done;
        } else {
            done.accept(null);
        }
    }

    @Override
    public void end(byte[] rest, Runnable ended) {
        sent.append(new String(rest, java.nio.charset.StandardCharsets.UTF_8)).append('|');
        ended.run();
    }

    @Override
    public void abort(Runnable ended) {
        sent.append('!');
        ended.run();
    }

    @Override
    public void disconnect() {
        sent.append('#');
    }
}
