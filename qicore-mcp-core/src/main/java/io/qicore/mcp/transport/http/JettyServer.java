package io.qicore.mcp.transport.http;

import io.qicore.mcp.internal.concurrent.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Jetty server of one running transport. */
final class JettyServer {

    private static final Logger log = LoggerFactory.getLogger(JettyServer.class);
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int MAX_THREADS = 200;

    /** How long a connection may be idle before a stop closes it; a request that comes before that is answered. */
    private static final Duration STOP_IDLE_TIMEOUT = Duration.ofMillis(250);

    /** How long a stop waits for connections to end at most. */
    private static final Duration STOP_LINGER = Duration.ofMillis(800);

    /** How long a stop waits for threads whose handlers do not react to interrupts. */
    private static final Duration STOP_THREADS_TIMEOUT = Duration.ofMillis(200);

    private final Server server;
    private final ServerConnector connector;
    private final @Nullable ExecutorService virtualThreads = Threads.virtual();

    /**
     * Creates a server, which is not started yet.
     *
     * @param maxConnections the maximum number of open connections; further ones wait to be accepted
     * @param idleTimeout how long a connection may be idle before it is closed
     * @param tls TLS; null for connections without it
     */
    JettyServer(
            String host, int port, int maxConnections, Duration idleTimeout, @Nullable JettyTls tls, Handler handler) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("mcp-http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(virtualThreads);
        threads.setStopTimeout(STOP_THREADS_TIMEOUT.toMillis());
        server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
        connector = new ServerConnector(server, 1, 1, connections(configuration, tls));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(idleTimeout.toMillis());
        connector.setShutdownIdleTimeout(STOP_IDLE_TIMEOUT.toMillis());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(maxConnections, connector));
        server.setErrorHandler(new PlainErrors());
        server.setHandler(handler);
    }

    private static ConnectionFactory[] connections(HttpConfiguration configuration, @Nullable JettyTls tls) {
        LimitedConnections http = new LimitedConnections(configuration);
        if (tls == null) {
            return new ConnectionFactory[] {http};
        }
        // Names are checked by HttpAccess, the same with and without TLS.
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        return new ConnectionFactory[] {new SslConnectionFactory(tls.factory(), http.getProtocol()), http};
    }

    /**
     * Starts the server.
     *
     * @throws IOException if the server cannot listen on its port; it then releases everything that it has opened
     */
    void start() throws Exception {
        try {
            server.start();
        } catch (Exception e) {
            stop();
            throw new IOException(
                    "Cannot listen on " + connector.getHost() + ":" + connector.getPort() + ": " + rootMessage(e)
                            + ". If another program uses the port, configure another one, or 0 for a free one.",
                    e);
        }
    }

    /** Closes the connections on which the head of a request has been incomplete for longer than it may be. */
    void closeLateHeads(Duration patience) {
        connector.getConnectedEndPoints().forEach(endPoint -> LimitedConnections.closeIfLate(endPoint, patience));
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Runs a task repeatedly until the server stops. The task must not block the thread that it runs on. */
    void repeat(Duration interval, Runnable task) {
        Scheduler scheduler = connector.getScheduler();
        scheduler.schedule(
                () -> {
                    task.run();
                    if (scheduler.isRunning()) {
                        repeat(interval, task);
                    }
                },
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /**
     * Stops the server. Connections on which requests come are served until then, so that the handler can answer these
     * requests and close the connections by {@code Connection: close}.
     */
    void stop() throws Exception {
        try {
            if (connector.isRunning()) {
                linger();
            }
            server.stop();
        } finally {
            if (virtualThreads != null) {
                virtualThreads.shutdownNow();
            }
        }
    }

    private void linger() throws Exception {
        try {
            connector.shutdown().get(STOP_LINGER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.debug(
                    "{} connections are closed while they are in use",
                    connector.getConnectedEndPoints().size(),
                    e);
        } catch (InterruptedException e) {
            // An interrupt asks for a faster stop.
            Thread.currentThread().interrupt();
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
