package io.qicore.mcp.transport.servlet;

import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.internal.concurrent.Threads;
import io.qicore.mcp.internal.connection.InFlight;
import io.qicore.mcp.internal.http.Admission;
import io.qicore.mcp.internal.http.McpEndpoint;
import io.qicore.mcp.internal.http.Refusal;
import io.qicore.mcp.transport.ServerTransport;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MCP Streamable HTTP as a servlet, for Tomcat, Jetty, Spring Boot or any other container of Jakarta Servlet 6. The path
 * is whatever the servlet is mapped to. Needs async support, which a container grants to a servlet that is registered in
 * code or with {@code asyncSupported}:
 *
 * <pre>{@code
 * MCPServlet servlet = MCPServlet.create();
 * var server = new ClockMCPServer(ServerSettings.builder().transport(servlet).build());
 * server.start();
 *
 * var registration = servletContext.addServlet("mcp", servlet);   // in Spring Boot: new ServletRegistrationBean<>(servlet, "/mcp")
 * registration.setAsyncSupported(true);
 * registration.addMapping("/mcp");
 * }</pre>
 *
 * <p>Serves from the start of its server to its stop, and answers 503 before and after. Requests that come in over
 * loopback must be addressed to a name of this machine or to one of {@link Builder#allowedHosts}; requests from web pages
 * are refused unless they are this machine's own or of {@link Builder#allowedOrigins}. Whoever may connect beyond that,
 * and how they prove who they are, is up to the container.
 *
 * <p>Handlers run on the container's thread or on {@link Builder#executor}. Thread-safe. May be started again after it was
 * stopped.
 */
public final class MCPServlet extends HttpServlet implements ServerTransport {

    /** Default of {@link Builder#maxBodyBytes}: 4 MiB. */
    public static final int DEFAULT_MAX_BODY_BYTES = 4 << 20;

    /** Default of {@link Builder#keepAliveInterval}. */
    public static final Duration DEFAULT_KEEP_ALIVE_INTERVAL = Duration.ofSeconds(2);

    /** How long {@link #destroy} waits for calls in flight if the server has not been stopped before: 5 seconds. */
    public static final Duration DESTROY_TIMEOUT = Duration.ofSeconds(5);

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(MCPServlet.class);
    private static final int CHECKS_PER_INTERVAL = 4;

    // A servlet is serializable for historical reasons; no container makes use of it.
    private final transient Admission admission;
    private final transient Duration keepAliveInterval;
    private final transient @Nullable Executor executor;
    private final transient InFlight inFlight = new InFlight();
    private transient volatile @Nullable Running running;

    /** What there is between start and stop. */
    private record Running(McpEndpoint endpoint, ExecutorService writers, ScheduledExecutorService clock) {}

    private MCPServlet(Builder builder) {
        this.admission = new Admission(builder.allowedOrigins, builder.allowedHosts, builder.maxBodyBytes);
        this.keepAliveInterval = builder.keepAliveInterval;
        this.executor = builder.executor;
    }

    /** A servlet with the defaults. */
    public static MCPServlet create() {
        return builder().build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public synchronized void start(MCPEngine engine) {
        if (running != null) {
            throw new IllegalStateException("This servlet is running already.");
        }
        inFlight.reopen();
        Executor handlers = executor == null ? Runnable::run : executor;
        McpEndpoint endpoint = new McpEndpoint(engine, admission, inFlight, handlers);
        ScheduledExecutorService clock = Threads.clock("mcp-servlet-clock");
        long nanos = keepAliveInterval.toNanos() / CHECKS_PER_INTERVAL;
        clock.scheduleWithFixedDelay(() -> endpoint.keepAlive(keepAliveInterval), nanos, nanos, TimeUnit.NANOSECONDS);
        running = new Running(endpoint, Threads.perTask("mcp-servlet"), clock);
    }

    /**
     * Stops. When this method returns, requests are answered 503, every call has been answered or cancelled, and no thread
     * of this servlet is left; the container's go on.
     */
    @Override
    public synchronized void stop(Duration drainTimeout) {
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
            new Refusal(503, "The server is not running.").answer(exchange);
        } else if (!request.isAsyncSupported()) {
            // Once for each request, as the container itself would: nothing works until somebody changes it.
            log.error("{} needs async support: setAsyncSupported(true) on it and on every filter before it", this);
            new Refusal(500, "The servlet is registered without async support.").answer(exchange);
        } else {
            now.endpoint().serve(exchange);
        }
    }

    /** Stops, if its server has not been stopped before. */
    @Override
    public void destroy() {
        if (running != null) {
            log.info("The container ends before the server was stopped");
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
        private Duration keepAliveInterval = DEFAULT_KEEP_ALIVE_INTERVAL;
        private Set<String> allowedOrigins = Set.of();
        private Set<String> allowedHosts = Set.of();
        private @Nullable Executor executor;

        private Builder() {}

        /**
         * The largest message taken, in bytes. Default: {@value MCPServlet#DEFAULT_MAX_BODY_BYTES}.
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

        /**
         * How often a client is told that its call is alive, from the first time that the call has been running for that
         * long; within three times that the server finds out that the client of a silent call has gone, unless the client
         * takes JSON only. Default: 2 seconds.
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
         * The web origins whose pages may use the server, such as {@code https://console.example.com}; this machine's
         * own may always, if their requests come in over loopback. Default: none.
         */
        public Builder allowedOrigins(Set<String> origins) {
            this.allowedOrigins = Set.copyOf(origins);
            return this;
        }

        /**
         * The names beside this machine's own that requests over loopback may be addressed to, such as
         * {@code mcp.example.com} behind a proxy on this machine that passes {@code Host} on. Default: none.
         */
        public Builder allowedHosts(Set<String> hosts) {
            this.allowedHosts = Set.copyOf(hosts);
            return this;
        }

        /**
         * Runs the handlers, on threads that may block, so that the container's threads are free meanwhile; on Java 21 and
         * later {@code Executors.newVirtualThreadPerTaskExecutor()} is a good one. The application closes it. A task that
         * it rejects is answered 503. Default: the container's thread.
         */
        public Builder executor(Executor handlers) {
            this.executor = Objects.requireNonNull(handlers);
            return this;
        }

        /** The servlet. */
        public MCPServlet build() {
            return new MCPServlet(this);
        }
    }
}
