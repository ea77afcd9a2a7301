package io.qicore.mcp.transport.servlet;

import io.qicore.mcp.auth.HttpAccess;
import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.concurrent.Timeouts;
import io.qicore.mcp.internal.connection.InFlight;
import io.qicore.mcp.internal.http.Admission;
import io.qicore.mcp.internal.http.ByteBudget;
import io.qicore.mcp.internal.http.CallerCheck;
import io.qicore.mcp.internal.http.McpEndpoint;
import io.qicore.mcp.internal.http.Refusal;
import io.qicore.mcp.internal.http.Transfers;
import io.qicore.mcp.transport.ServerTransport;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MCP Streamable HTTP as a servlet, for Tomcat, Jetty, Spring Boot or any other container of Jakarta Servlet 6. The
 * application chooses the path by the servlet mapping. The servlet must be registered with async support:
 *
 * <pre>{@code
 * MCPServlet servlet = MCPServlet.create();
 * var server = new ClockMCPServer(ServerSettings.builder().transport(servlet).build());
 * server.start();
 *
 * // In Spring Boot: new ServletRegistrationBean<>(servlet, "/mcp")
 * var registration = servletContext.addServlet("mcp", servlet);
 * registration.setAsyncSupported(true);
 * registration.addMapping("/mcp");
 * }</pre>
 *
 * <p>With {@code OAuthResourceServer}, also map the servlet to {@code /.well-known/oauth-protected-resource/*}, where it serves the
 * metadata by which clients find the authorization server.
 *
 * <p>The servlet serves requests while its server is running and answers 503 at any other time. Requests over loopback
 * must be addressed to a name of this machine or to an allowed host, and requests from web pages are rejected unless the
 * page is from this machine or from an allowed origin; see {@link Builder#access}. An application whose container or filters
 * authenticate takes over the principal by {@code HttpAuthenticator}; see there.
 *
 * <p>Handlers run on the container's thread or on {@link Builder#executor}. Thread-safe. Can be started again after it
 * was stopped.
 */
public final class MCPServlet extends HttpServlet implements ServerTransport {

    /** Default of {@link Builder#maxBodyBytes}: 4 MiB. */
    public static final int DEFAULT_MAX_BODY_BYTES = 4 << 20;

    /** Default of {@link Builder#transferTimeout}: 15 seconds. */
    public static final Duration DEFAULT_TRANSFER_TIMEOUT = Transfers.DEFAULT_TIMEOUT;

    /** Default of {@link Builder#minBytesPerSecond}: 4 KiB. */
    public static final int DEFAULT_MIN_BYTES_PER_SECOND = Transfers.DEFAULT_MIN_BYTES_PER_SECOND;

    /** Default of {@link Builder#keepAliveInterval}. */
    public static final Duration DEFAULT_KEEP_ALIVE_INTERVAL = Duration.ofSeconds(2);

    /** How long {@link #destroy} waits for calls in flight if the servlet is still running: 5 seconds. */
    public static final Duration DESTROY_TIMEOUT = Duration.ofSeconds(5);

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(MCPServlet.class);

    /** The number of checks for due keep-alive messages in each keep-alive interval. */
    private static final int CHECKS_PER_INTERVAL = 4;

    // Servlets are serializable for historical reasons only. Containers do not serialize them.
    private final transient Admission admission;
    private final transient Transfers transfers;
    private final transient Duration keepAliveInterval;
    private final transient @Nullable Executor executor;
    private final transient InFlight inFlight = new InFlight();
    private transient volatile @Nullable Running running;

    /** The resources of a running servlet. */
    private record Running(McpEndpoint endpoint, ExecutorService writers, ScheduledExecutorService clock) {}

    private MCPServlet(Builder builder) {
        this.admission = new Admission(builder.access, builder.maxBodyBytes);
        this.transfers = new Transfers(
                new ByteBudget(builder.maxBufferedBytes), builder.transferTimeout, builder.minBytesPerSecond);
        this.keepAliveInterval = builder.keepAliveInterval;
        this.executor = builder.executor;
    }

    /** Returns a servlet with default values. */
    public static MCPServlet create() {
        return builder().build();
    }

    /** Returns a builder with default values. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public synchronized void start(MCPEngine engine) {
        Objects.requireNonNull(engine, "engine");
        if (running != null) {
            throw new IllegalStateException(this + " is already running. Stop it before you start it again.");
        }
        inFlight.reopen();
        Executor handlers = executor == null ? Runnable::run : executor;
        McpEndpoint endpoint = new McpEndpoint(engine, admission, transfers, inFlight, handlers);
        ScheduledExecutorService clock = Threads.clock("mcp-servlet-clock");
        long nanos = keepAliveInterval.toNanos() / CHECKS_PER_INTERVAL;
        clock.scheduleWithFixedDelay(() -> endpoint.keepAlive(keepAliveInterval), nanos, nanos, TimeUnit.NANOSECONDS);
        CallerCheck callers = new CallerCheck(admission, endpoint, null);
        long check = CallerCheck.INTERVAL.toNanos();
        clock.scheduleWithFixedDelay(callers::begin, check, check, TimeUnit.NANOSECONDS);
        running = new Running(endpoint, Threads.perTask("mcp-servlet"), clock);
    }

    /**
     * Stops the servlet. When this method returns, requests are answered with 503, all calls have been answered or
     * cancelled, and no thread of this servlet is left. The container's threads are not affected.
     *
     * @param drainTimeout how long to wait for calls in flight
     */
    @Override
    public synchronized void stop(Duration drainTimeout) {
        Objects.requireNonNull(drainTimeout, "drainTimeout");
        Running ending = running;
        if (ending == null) {
            return;
        }
        inFlight.drain(drainTimeout);
        running = null;
        ending.clock().shutdownNow();
        ending.writers().shutdownNow();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        Running now = running;
        ServletExchange exchange = new ServletExchange(request, response, now == null ? Runnable::run : now.writers());
        if (now == null) {
            refuse(exchange, new Refusal(503, "The server is not running."));
        } else if (!request.isAsyncSupported()) {
            // Logged for each request, because no request can be served until the registration is corrected.
            log.error(
                    "{} needs async support: call setAsyncSupported(true) on its registration and on each filter",
                    this);
            refuse(exchange, new Refusal(500, "The servlet is registered without async support."));
        } else if (admission
                .metadata()
                .isAt(request.getRequestURI().substring(request.getContextPath().length()))) {
            admission.metadata().answer(exchange);
        } else {
            now.endpoint().serve(exchange);
        }
    }

    /** Refuses a request, which a page of an allowed origin may read. */
    private void refuse(ServletExchange exchange, Refusal refusal) {
        Refusal senders = admission.refuseSender(exchange);
        (senders == null ? refusal : senders).answer(exchange);
    }

    /** Stops the servlet if it is still running, and waits at most {@link #DESTROY_TIMEOUT} for calls in flight. */
    @Override
    public void destroy() {
        if (running != null) {
            log.info("The container destroys {} before its server was stopped", this);
            stop(DESTROY_TIMEOUT);
        }
    }

    @Override
    public String toString() {
        return "MCPServlet[" + (getServletConfig() == null ? "not in a container" : getServletName()) + "]";
    }

    /** Builds an {@link MCPServlet}. Not thread-safe. */
    public static final class Builder {

        private int maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
        private long maxBufferedBytes = ByteBudget.defaultLimit();
        private Duration transferTimeout = DEFAULT_TRANSFER_TIMEOUT;
        private int minBytesPerSecond = DEFAULT_MIN_BYTES_PER_SECOND;
        private Duration keepAliveInterval = DEFAULT_KEEP_ALIVE_INTERVAL;
        private HttpAccess access = HttpAccess.defaults();
        private @Nullable Executor executor;

        private Builder() {}

        /**
         * Sets the maximum size of a request body in bytes. Default: {@value MCPServlet#DEFAULT_MAX_BODY_BYTES}.
         *
         * @throws IllegalArgumentException if the size is not positive
         */
        public Builder maxBodyBytes(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("maxBodyBytes must be positive, not " + bytes + ".");
            }
            this.maxBodyBytes = bytes;
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
         * Sets from when on {@link #minBytesPerSecond} applies to a body. How long a client may send or read nothing at all is
         * a setting of the container. Default: 15 seconds.
         *
         * @throws IllegalArgumentException if it is not positive or longer than 24 hours
         */
        public Builder transferTimeout(Duration timeout) {
            this.transferTimeout = Timeouts.checked("transferTimeout", timeout);
            return this;
        }

        /**
         * Sets the least rate at which a client must send a body, in bytes per second. It applies from
         * {@link #transferTimeout} on. A slower client is answered with 408 or disconnected. Default: 4 KiB.
         *
         * @throws IllegalArgumentException if the rate is not positive
         */
        public Builder minBytesPerSecond(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("minBytesPerSecond must be positive, not " + bytes + ".");
            }
            this.minBytesPerSecond = bytes;
            return this;
        }

        /**
         * Sets the interval at which keep-alive messages are sent to the client of a running call. The first one is
         * sent after the call has run for one interval. The messages also show the server, within three intervals, that
         * a client has disconnected. Default: 2 seconds.
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
         * Sets the executor of the handlers, so that they do not hold the container's threads. Its threads may block.
         * On Java 21 and later, {@code Executors.newVirtualThreadPerTaskExecutor()} is a good choice. If the executor
         * rejects a task, the request is answered with 503. The application must shut the executor down. Default:
         * handlers run on the container's thread.
         */
        public Builder executor(Executor handlers) {
            this.executor = Objects.requireNonNull(handlers, "handlers");
            return this;
        }

        /** Returns the servlet, which is not started yet. */
        public MCPServlet build() {
            return new MCPServlet(this);
        }
    }
}
