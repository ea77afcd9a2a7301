package io.qicore.mcp.transport.http;

import io.qicore.mcp.internal.concurrent.InFlight;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.protocol.MCPEngine;
import io.qicore.mcp.transport.ServerTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * MCP Streamable HTTP on a Jetty server of its own, at {@code http://host:port/mcp}.
 *
 * <p>By default it listens on 127.0.0.1 only and refuses requests of web pages from elsewhere (by {@code Origin} and
 * {@code Host}), so that no site that a user visits can reach it through the browser.
 *
 * <p>Thread-safe. May be started again after it was stopped.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http">MCP
 *     2026-07-28, Streamable HTTP</a>
 */
public final class HttpTransport implements ServerTransport {

    /** The path of the endpoint. */
    public static final String PATH = "/mcp";

    /** Default of {@link Builder#maxBodyBytes}: 4 MiB. */
    public static final int DEFAULT_MAX_BODY_BYTES = 4 << 20;

    /** Default of {@link Builder#idleTimeout}. */
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

    /** Default of {@link Builder#keepAliveInterval}. */
    public static final Duration DEFAULT_KEEP_ALIVE_INTERVAL = Duration.ofSeconds(5);

    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int MAX_THREADS = 200;

    private final String host;
    private final int port;
    private final int maxBodyBytes;
    private final Duration idleTimeout;
    private final Duration keepAliveInterval;
    private final Set<String> allowedOrigins;
    private final InFlight inFlight = new InFlight();
    private @Nullable MCPEngine engine;
    private @Nullable Server server;
    private @Nullable ServerConnector connector;
    private @Nullable ExecutorService virtualThreads;

    private HttpTransport(Builder builder) {
        this.host = builder.host;
        this.port = builder.port;
        this.maxBodyBytes = builder.maxBodyBytes;
        this.idleTimeout = builder.idleTimeout;
        this.keepAliveInterval = builder.keepAliveInterval;
        this.allowedOrigins = builder.allowedOrigins;
    }

    /** A transport on a port of 127.0.0.1 with the defaults; port 0 takes a free one. */
    public static HttpTransport onPort(int port) {
        return builder().port(port).build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where clients reach this transport.
     *
     * @throws IllegalStateException when it is not running
     */
    public synchronized URI uri() {
        if (connector == null) {
            throw new IllegalStateException(this + " is not running.");
        }
        String name = host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + name + ":" + connector.getLocalPort() + PATH);
    }

    @Override
    public synchronized Optional<URI> endpoint() {
        return connector == null ? Optional.empty() : Optional.of(uri());
    }

    @Override
    public synchronized void start(MCPEngine engine) throws Exception {
        if (server != null) {
            throw new IllegalStateException(this + " is running already.");
        }
        boolean loopback = InetAddress.getByName(host).isLoopbackAddress();
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("mcp-http");
        threads.setDaemon(true);
        virtualThreads = Threads.virtual();
        threads.setVirtualThreadsExecutor(virtualThreads);
        Server jetty = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
        ServerConnector http = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(configuration));
        http.setHost(host);
        http.setPort(port);
        http.setIdleTimeout(idleTimeout.toMillis());
        jetty.addConnector(http);
        Admission admission = new Admission(loopback, allowedOrigins, maxBodyBytes);
        McpHandler handler = new McpHandler(engine, admission, inFlight);
        jetty.setErrorHandler(new PlainErrors());
        jetty.setHandler(handler);
        inFlight.reopen();
        try {
            jetty.start();
        } catch (Exception e) {
            jetty.stop();
            closeVirtualThreads();
            throw new IOException(
                    "Cannot listen on " + host + ":" + port + ": " + rootMessage(e)
                            + ". Is another program using the port? Configure another one, or 0 for a free one.",
                    e);
        }
        server = jetty;
        connector = http;
        this.engine = engine;
        keepAlive(http.getScheduler(), handler);
    }

    /** Jetty's own scheduler, which ends with the server. */
    private void keepAlive(Scheduler scheduler, McpHandler handler) {
        scheduler.schedule(
                () -> {
                    handler.keepAlive(keepAliveInterval);
                    if (scheduler.isRunning()) {
                        keepAlive(scheduler, handler);
                    }
                },
                keepAliveInterval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void stop(Duration drainTimeout) throws Exception {
        Server running = server;
        if (running == null) {
            return;
        }
        inFlight.drain(drainTimeout, Objects.requireNonNull(engine)::endSubscriptions);
        engine = null;
        server = null;
        connector = null;
        try {
            running.stop();
        } finally {
            closeVirtualThreads();
        }
    }

    private void closeVirtualThreads() {
        if (virtualThreads != null) {
            virtualThreads.shutdownNow();
            virtualThreads = null;
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    @Override
    public String toString() {
        return "HttpTransport[" + host + ":" + port + "]";
    }

    /** Builds an {@link HttpTransport}. Not thread-safe. */
    public static final class Builder {

        private String host = "127.0.0.1";
        private int port;
        private int maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
        private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
        private Duration keepAliveInterval = DEFAULT_KEEP_ALIVE_INTERVAL;
        private Set<String> allowedOrigins = Set.of();

        private Builder() {}

        /** The address to bind to. Default: 127.0.0.1. */
        public Builder host(String host) {
            this.host = Objects.requireNonNull(host);
            return this;
        }

        /**
         * The TCP port. Default: 0, which takes a free one; {@link HttpTransport#uri} tells which.
         *
         * @throws IllegalArgumentException if it is not between 0 and 65535
         */
        public Builder port(int port) {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("Port " + port + " is not between 0 and 65535.");
            }
            this.port = port;
            return this;
        }

        /**
         * The largest message taken, in bytes. Default: {@value HttpTransport#DEFAULT_MAX_BODY_BYTES}.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxBodyBytes(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("maxBodyBytes must be positive, not " + bytes + ".");
            }
            this.maxBodyBytes = bytes;
            return this;
        }

        /** How long a connection may be silent. Default: 60 seconds. */
        public Builder idleTimeout(Duration timeout) {
            this.idleTimeout = Objects.requireNonNull(timeout);
            return this;
        }

        /**
         * How often a client is told that its call is alive, from the first time that the call has been running for that
         * long; this is also how soon the server finds out that the client of a silent call has gone. Default: 5
         * seconds.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder keepAliveInterval(Duration interval) {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("keepAliveInterval must be positive, not " + interval + ".");
            }
            this.keepAliveInterval = interval;
            return this;
        }

        /**
         * The web origins beside this machine's own whose pages may use the server, such as
         * {@code https://console.example.com}. Default: none.
         */
        public Builder allowedOrigins(Set<String> origins) {
            this.allowedOrigins = Set.copyOf(origins);
            return this;
        }

        /** The transport. */
        public HttpTransport build() {
            return new HttpTransport(this);
        }
    }
}
