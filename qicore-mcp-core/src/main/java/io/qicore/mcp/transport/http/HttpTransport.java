package io.qicore.mcp.transport.http;

import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.internal.concurrent.Threads;
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
 * MCP Streamable HTTP on a Jetty server of its own, at {@code http://host:port/mcp}. An application that has a server
 * with servlets already uses {@code MCPServlet} instead.
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
    public static final Duration DEFAULT_KEEP_ALIVE_INTERVAL = Duration.ofSeconds(2);

    /** Default of {@link Builder#maxConnections}. */
    public static final int DEFAULT_MAX_CONNECTIONS = 10_000;

    /** Default of {@link Builder#maxLegacyStreams}. */
    public static final int DEFAULT_MAX_LEGACY_STREAMS = 1_000;

    /** How many times an interval it is checked who needs to be told that the server is alive. */
    private static final int CHECKS_PER_INTERVAL = 4;

    private final Settings settings;
    private final InFlight inFlight = new InFlight();
    private @Nullable Running running;

    /** @param maxLegacyStreams 0 for a transport without HTTP+SSE */
    private record Settings(
            String host,
            int port,
            Admission admission,
            int maxConnections,
            Duration idleTimeout,
            Duration keepAliveInterval,
            int maxLegacyStreams) {}

    /**
     * What there is while the transport runs.
     *
     * @param legacyThreads run the handlers of HTTP+SSE
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
        if (running != null) {
            throw new IllegalStateException(this + " is running already.");
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
            this.maxBodyBytes = positive("maxBodyBytes", bytes);
            return this;
        }

        /** How long a connection may be silent. Default: 60 seconds. */
        public Builder idleTimeout(Duration timeout) {
            this.idleTimeout = Objects.requireNonNull(timeout);
            return this;
        }

        /**
         * How often a client is told that its call is alive, from the first time that the call has been running for that
         * long; within three times that the server finds out that the client of a silent call has gone, unless the client
         * takes JSON only. Must be below the idle timeout. Default: 2 seconds.
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

        /**
         * The names beside this machine's own that requests may be addressed to while the server listens on loopback,
         * such as {@code mcp.example.com} behind a proxy that passes {@code Host} on. Default: none.
         */
        public Builder allowedHosts(Set<String> hosts) {
            this.allowedHosts = Set.copyOf(hosts);
            return this;
        }

        /**
         * How many connections may be open; further ones wait to be accepted until one closes. Default:
         * {@value HttpTransport#DEFAULT_MAX_CONNECTIONS}.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxConnections(int connections) {
            this.maxConnections = positive("maxConnections", connections);
            return this;
        }

        /**
         * Whether clients that know HTTP+SSE of MCP 2024-11-05 only are served too, at {@code /sse} and
         * {@code /messages}. Such a client stays with the replica that holds its stream, and its calls are lost with
         * it. Default: false.
         *
         * @see <a href="https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse">MCP
         *     2024-11-05, HTTP with SSE</a>
         */
        public Builder legacySse(boolean served) {
            this.legacySse = served;
            return this;
        }

        /**
         * How many streams of HTTP+SSE may be open; further ones are refused. Default:
         * {@value HttpTransport#DEFAULT_MAX_LEGACY_STREAMS}.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxLegacyStreams(int streams) {
            this.maxLegacyStreams = positive("maxLegacyStreams", streams);
            return this;
        }

        /** The transport. */
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
