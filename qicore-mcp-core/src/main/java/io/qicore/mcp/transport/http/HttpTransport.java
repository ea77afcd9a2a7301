package io.qicore.mcp.transport.http;

import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.connection.InFlight;
import io.qicore.mcp.internal.http.Admission;
import io.qicore.mcp.internal.http.ByteBudget;
import io.qicore.mcp.internal.http.CallerCheck;
import io.qicore.mcp.internal.http.Health;
import io.qicore.mcp.internal.http.LegacySse;
import io.qicore.mcp.internal.http.McpEndpoint;
import io.qicore.mcp.internal.http.Transfers;
import io.qicore.mcp.transport.ServerTransport;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MCP Streamable HTTP on an embedded Jetty server, at {@code http://host:port/mcp}, or https with {@link Builder#tls}. An application that already runs a
 * servlet container uses {@code MCPServlet} instead.
 *
 * <p>By default, the transport listens only on 127.0.0.1 and checks the headers {@code Origin} and {@code Host}. It
 * rejects requests from web pages of other hosts, so that a website cannot reach the server through the user's browser.
 * {@link Builder#access} allows origins and hosts and sets the authentication.
 *
 * <p>Thread-safe. Can be started again after it was stopped.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http">MCP
 *     2026-07-28, Streamable HTTP</a>
 */
public final class HttpTransport implements ServerTransport {

    /** The path of the endpoint. */
    public static final String PATH = "/mcp";

    /**
     * The path of the health check. GET is answered with 200 if the transport, its threads and the engine work, and with 503
     * while the server stops. If the process cannot serve requests any more, the check is not answered: give it a timeout.
     */
    public static final String HEALTH_PATH = "/health";

    /** Default of {@link Builder#maxBodyBytes}: 4 MiB. */
    public static final int DEFAULT_MAX_BODY_BYTES = 4 << 20;

    /** Default of {@link Builder#idleTimeout}. */
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

    /** Default of {@link Builder#transferTimeout}: 15 seconds. */
    public static final Duration DEFAULT_TRANSFER_TIMEOUT = Transfers.DEFAULT_TIMEOUT;

    /** Default of {@link Builder#minBytesPerSecond}: 4 KiB. */
    public static final int DEFAULT_MIN_BYTES_PER_SECOND = Transfers.DEFAULT_MIN_BYTES_PER_SECOND;

    /** Default of {@link Builder#keepAliveInterval}. */
    public static final Duration DEFAULT_KEEP_ALIVE_INTERVAL = Duration.ofSeconds(2);

    /** Default of {@link Builder#maxConnections}: 10,000, or one for each 64 KiB of the largest heap of this JVM if these are less. */
    public static final int DEFAULT_MAX_CONNECTIONS =
            (int) Math.min(10_000, Runtime.getRuntime().maxMemory() / (64 << 10));

    /** Default of {@link Builder#maxLegacyStreams}. */
    public static final int DEFAULT_MAX_LEGACY_STREAMS = 1_000;

    /** The number of checks for due keep-alive messages in each keep-alive interval. */
    private static final int CHECKS_PER_INTERVAL = 4;

    /** Among others, it logs the headers of each request. */
    private static final String WIRE_LOGGER = "org.eclipse.jetty.http.HttpParser";

    private static final Logger log = LoggerFactory.getLogger(HttpTransport.class);

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
            Transfers transfers,
            @Nullable HttpTls tls,
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
                new Admission(builder.access, builder.maxBodyBytes),
                new Transfers(
                        new ByteBudget(builder.maxBufferedBytes), builder.transferTimeout, builder.minBytesPerSecond),
                builder.tls,
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
        return URI.create((settings.tls() == null ? "http://" : "https://") + name + ":"
                + running.server().port() + PATH);
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
        Transfers transfers = settings.transfers();
        McpEndpoint mcp = new McpEndpoint(engine, admission, transfers, inFlight, Runnable::run);
        ExecutorService legacyThreads = Threads.perTask("mcp-http-sse");
        LegacySse legacy = settings.maxLegacyStreams() > 0
                ? new LegacySse(engine, admission, transfers, inFlight, legacyThreads, settings.maxLegacyStreams())
                : null;
        if (LoggerFactory.getLogger(WIRE_LOGGER).isDebugEnabled()) {
            log.warn(
                    "The loggers of org.eclipse.jetty write all headers, with the credentials in them: set them to INFO");
        }
        JettyTls tls = settings.tls() == null ? null : new JettyTls(settings.tls());
        JettyServer server = new JettyServer(
                settings.host(),
                settings.port(),
                settings.maxConnections(),
                settings.idleTimeout(),
                tls,
                new McpHandler(admission, transfers, onLoopback, new Health(engine, admission, inFlight), mcp, legacy));
        CallerCheck callers = new CallerCheck(admission, mcp, legacy);
        inFlight.reopen();
        server.start();
        server.repeat(CallerCheck.INTERVAL, callers::begin);
        if (tls != null) {
            server.repeat(JettyTls.INTERVAL, tls::look);
        }
        server.repeat(settings.keepAliveInterval().dividedBy(CHECKS_PER_INTERVAL), () -> {
            server.closeLateHeads(transfers.timeout());
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
        private long maxBufferedBytes = ByteBudget.defaultLimit();
        private Duration transferTimeout = DEFAULT_TRANSFER_TIMEOUT;
        private int minBytesPerSecond = DEFAULT_MIN_BYTES_PER_SECOND;
        private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
        private Duration keepAliveInterval = DEFAULT_KEEP_ALIVE_INTERVAL;
        private HttpAccess access = HttpAccess.defaults();
        private @Nullable HttpTls tls;
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
         * Sets how many bytes the bodies that arrive and the answers that clients have not read yet may take up together. A
         * request whose body does not fit is answered with 503 before it is read. Default: an eighth of the largest
         * heap of the JVM, at least 16 MiB.
         *
         * @throws IllegalArgumentException if the number is not positive
         */
        public Builder maxBufferedBytes(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("maxBufferedBytes must be positive, not " + bytes + ".");
            }
            this.maxBufferedBytes = bytes;
            return this;
        }

        /**
         * Sets how long a client may send nothing of a body that it has begun, or read nothing of a large answer, and how long the
         * head of a request may take. Default: 15 seconds.
         *
         * @throws IllegalArgumentException if it is not positive or longer than 24 hours
         */
        public Builder transferTimeout(Duration timeout) {
            this.transferTimeout = Timeouts.checked("transferTimeout", timeout);
            return this;
        }

        /**
         * Sets the least rate at which a client must send a body or read a large answer, in bytes per second. It applies from
         * {@link #transferTimeout} on. A slower client is answered with 408 or disconnected. Default: 4 KiB.
         *
         * @throws IllegalArgumentException if the rate is not positive
         */
        public Builder minBytesPerSecond(int bytes) {
            this.minBytesPerSecond = positive("minBytesPerSecond", bytes);
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
         * a client has disconnected. The interval must be shorter than the idle timeout. Default: 2 seconds.
         *
         * @throws IllegalArgumentException if the interval is not positive or longer than 24 hours
         */
        public Builder keepAliveInterval(Duration interval) {
            this.keepAliveInterval = Timeouts.checked("keepAliveInterval", interval);
            return this;
        }

        /**
         * Sets who may reach the server: web origins, names of the server, proxies in front of it, and authentication. Default:
         * pages and names of this machine on loopback, without authentication.
         */
        public Builder access(HttpAccess newAccess) {
            this.access = Objects.requireNonNull(newAccess, "newAccess");
            return this;
        }

        /**
         * Sets the certificate and the key for TLS. Default: none, so that a proxy has to encrypt what other machines send.
         *
         * @throws IllegalArgumentException if a file is missing or wrong
         */
        public Builder tls(HttpTls newTls) {
            newTls.check();
            this.tls = newTls;
            return this;
        }

        /**
         * Sets the maximum number of open connections. Further connections are accepted only after another one closes.
         * Default: {@link HttpTransport#DEFAULT_MAX_CONNECTIONS}.
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
