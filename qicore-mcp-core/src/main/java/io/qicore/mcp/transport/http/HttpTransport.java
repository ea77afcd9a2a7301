package io.qicore.mcp.transport.http;

import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.connection.InFlight;
import io.qicore.mcp.internal.http.Admission;
import io.qicore.mcp.internal.http.LegacySse;
import io.qicore.mcp.internal.http.McpEndpoint;
import io.qicore.mcp.transport.ServerTransport;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * MCP Streamable HTTP on an embedded Jetty server, at {@code http://host:port/mcp}. An application that already runs a
 * servlet container uses {@code MCPServlet} instead.
 *
 * <p>By default, the transport listens only on 127.0.0.1 and checks the headers {@code Origin} and {@code Host}. It
 * rejects requests from web pages of other hosts, so that a website cannot reach the server through the user's browser.
 *
 * <p>Thread-safe. Can be started again after it was stopped.
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
    public static final Duration DEFAULT_KEEP_ALIVE_INTERVAL = Duration.ofSeconds(2);

    /** Default of {@link Builder#maxConnections}. */
    public static final int DEFAULT_MAX_CONNECTIONS = 10_000;

    /** Default of {@link Builder#maxLegacyStreams}. */
    public static final int DEFAULT_MAX_LEGACY_STREAMS = 1_000;

    /** The number of checks for due keep-alive messages in each keep-alive interval. */
    private static final int CHECKS_PER_INTERVAL = 4;

    private final Settings settings;
    private final InFlight inFlight = new InFlight();
    private @Nullable Running running;

    /**
     * The configuration of the transport.
     *
     * @param maxLegacyStreams the maximum number of HTTP+SSE streams, or 0 if HTTP+SSE is disabled
     */
    private record Settings(
            String host,
            int port,
            Admission admission,
            int maxConnections,
            Duration idleTimeout,
            Duration keepAliveInterval,
            int maxLegacyStreams) {}

    /**
     * The resources of a running transport.
     *
     * @param legacyThreads the executor of the handlers for HTTP+SSE
     */
    private record Running(JettyServer server, @Nullable LegacySse legacy, ExecutorService legacyThreads) {}

    private HttpTransport(Builder builder) {
        this.settings = new Settings(
                builder.host,
                builder.port,
                new Admission(builder.allowedOrigins, builder.allowedHosts, builder.maxBodyBytes),
                builder.maxConnections,
                builder.idleTimeout,
                builder.keepAliveInterval,
                builder.legacySse ? builder.maxLegacyStreams : 0);
    }

    /**
     * Returns a transport on a port of 127.0.0.1 with defaults for everything else.
     *
     * @param port the TCP port, or 0 for any free port
     * @throws IllegalArgumentException if the port is not between 0 and 65535
     */
    public static HttpTransport onPort(int port) {
        return builder().port(port).build();
    }

    /** Returns a builder with default values. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the address at which clients reach this transport.
     *
     * @throws IllegalStateException if the transport is not running
     */
    public synchronized URI uri() {
        if (running == null) {
            throw new IllegalStateException(this + " is not running.");
        }
        String name = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        return URI.create("http://" + name + ":" + running.server().port() + PATH);
    }

    @Override
    public synchronized Optional<URI> endpoint() {
        return running == null ? Optional.empty() : Optional.of(uri());
    }

    @Override
    public synchronized void start(MCPEngine engine) throws Exception {
        Objects.requireNonNull(engine, "engine");
        if (running != null) {
            throw new IllegalStateException(this + " is already running. Stop it before you start it again.");
        }
        boolean onLoopback = InetAddress.getByName(settings.host()).isLoopbackAddress();
        Admission admission = settings.admission();
        McpEndpoint mcp = new McpEndpoint(engine, admission, inFlight, Runnable::run);
        ExecutorService legacyThreads = Threads.perTask("mcp-http-sse");
        LegacySse legacy = settings.maxLegacyStreams() > 0
                ? new LegacySse(engine, admission, inFlight, legacyThreads, settings.maxLegacyStreams())
                : null;
        JettyServer server = new JettyServer(
                settings.host(),
                settings.port(),
                settings.maxConnections(),
                settings.idleTimeout(),
                new McpHandler(admission, onLoopback, mcp, legacy));
        inFlight.reopen();
        server.start();
        server.repeat(settings.keepAliveInterval().dividedBy(CHECKS_PER_INTERVAL), () -> {
            mcp.keepAlive(settings.keepAliveInterval());
            if (legacy != null) {
                legacy.keepAlive(settings.keepAliveInterval());
            }
        });
        running = new Running(server, legacy, legacyThreads);
    }

    @Override
    public synchronized void stop(Duration drainTimeout) throws Exception {
        Objects.requireNonNull(drainTimeout, "drainTimeout");
        if (running == null) {
            return;
        }
        Running ending = running;
        inFlight.drain(drainTimeout);
        running = null;
        try {
            if (ending.legacy() != null) {
                ending.legacy().stop();
            }
            ending.server().stop();
        } finally {
            ending.legacyThreads().shutdownNow();
        }
    }

    @Override
    public String toString() {
        return "HttpTransport[" + settings.host() + ":" + settings.port() + "]";
    }

    /** Builds an {@link HttpTransport}. Not thread-safe. */
    public static final class Builder {

        private String host = "127.0.0.1";
        private int port;
        private int maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
        private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
        private Duration keepAliveInterval = DEFAULT_KEEP_ALIVE_INTERVAL;
        private Set<String> allowedOrigins = Set.of();
        private Set<String> allowedHosts = Set.of();
        private int maxConnections = DEFAULT_MAX_CONNECTIONS;
        private boolean legacySse;
        private int maxLegacyStreams = DEFAULT_MAX_LEGACY_STREAMS;

        private Builder() {}

        /** Sets the address or host name to listen on. Default: 127.0.0.1. */
        public Builder host(String host) {
            this.host = Objects.requireNonNull(host, "host");
            return this;
        }

        /**
         * Sets the TCP port. Default: 0, which selects a free port; see {@link HttpTransport#uri}.
         *
         * @throws IllegalArgumentException if the port is not between 0 and 65535
         */
        public Builder port(int port) {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("The port must be between 0 and 65535, not " + port + ".");
            }
            this.port = port;
            return this;
        }

        /**
         * Sets the maximum size of a request body in bytes. Default: {@value HttpTransport#DEFAULT_MAX_BODY_BYTES}.
         *
         * @throws IllegalArgumentException if the size is not positive
         */
        public Builder maxBodyBytes(int bytes) {
            this.maxBodyBytes = positive("maxBodyBytes", bytes);
            return this;
        }

        /**
         * Sets how long a connection may be idle before it is closed. Default: 60 seconds.
         *
         * @throws IllegalArgumentException if it is not positive or longer than 24 hours
         */
        public Builder idleTimeout(Duration timeout) {
            this.idleTimeout = Timeouts.checked("idleTimeout", timeout);
            return this;
        }

        /**
         * Sets the interval at which keep-alive messages are sent to the client of a running call. The first one is
         * sent after the call has run for one interval. The messages also show the server, within three intervals, that
         * a client has disconnected; clients that accept only JSON get none. The interval must be shorter than the idle
         * timeout. Default: 2 seconds.
         *
         * @throws IllegalArgumentException if the interval is not positive or longer than 24 hours
         */
        public Builder keepAliveInterval(Duration interval) {
            this.keepAliveInterval = Timeouts.checked("keepAliveInterval", interval);
            return this;
        }

        /**
         * Sets the additional web origins whose pages may use the server, such as {@code https://console.example.com}.
         * Origins of this machine are always allowed if the transport listens on a loopback address. Default: none.
         */
        public Builder allowedOrigins(Set<String> origins) {
            Objects.requireNonNull(origins, "origins");
            this.allowedOrigins = Set.copyOf(origins);
            return this;
        }

        /**
         * Sets additional host names that requests may be addressed to if the server listens on a loopback address.
         * This is needed behind a proxy that forwards the {@code Host} header, for example {@code mcp.example.com}.
         * Names of this machine are always allowed. Default: none.
         */
        public Builder allowedHosts(Set<String> hosts) {
            Objects.requireNonNull(hosts, "hosts");
            this.allowedHosts = Set.copyOf(hosts);
            return this;
        }

        /**
         * Sets the maximum number of open connections. Further connections are accepted only after another one closes.
         * Default: {@value HttpTransport#DEFAULT_MAX_CONNECTIONS}.
         *
         * @throws IllegalArgumentException if the number is not positive
         */
        public Builder maxConnections(int connections) {
            this.maxConnections = positive("maxConnections", connections);
            return this;
        }

        /**
         * Sets whether the transport also serves clients that support only HTTP+SSE of MCP 2024-11-05, at {@code /sse}
         * and {@code /messages}. Such a client is bound to the replica that holds its stream; if that replica stops,
         * the client's calls are lost. Default: false.
         *
         * @see <a href="https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse">MCP
         *     2024-11-05, HTTP with SSE</a>
         */
        public Builder legacySse(boolean served) {
            this.legacySse = served;
            return this;
        }

        /**
         * Sets the maximum number of open HTTP+SSE streams. Further streams are rejected. Default:
         * {@value HttpTransport#DEFAULT_MAX_LEGACY_STREAMS}.
         *
         * @throws IllegalArgumentException if the number is not positive
         */
        public Builder maxLegacyStreams(int streams) {
            this.maxLegacyStreams = positive("maxLegacyStreams", streams);
            return this;
        }

        /** Returns the transport, which is not started yet. */
        public HttpTransport build() {
            return new HttpTransport(this);
        }

        private static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be positive, not " + value + ".");
            }
            return value;
        }
    }
}
