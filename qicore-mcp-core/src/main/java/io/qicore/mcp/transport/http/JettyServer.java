package io.qicore.mcp.transport.http;

import io.qicore.mcp.internal.concurrent.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** The Jetty server of one running transport. */
final class JettyServer {

    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int MAX_THREADS = 200;

    private final Server server;
    private final ServerConnector connector;
    private final @Nullable ExecutorService virtualThreads = Threads.virtual();

    /**
     * Creates a server, which is not started yet.
     *
     * @param maxConnections the maximum number of open connections; further ones wait to be accepted
     * @param idleTimeout how long a connection may be idle before it is closed
     */
    JettyServer(String host, int port, int maxConnections, Duration idleTimeout, Handler handler) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("mcp-http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(virtualThreads);
        server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(idleTimeout.toMillis());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(maxConnections, connector));
        server.setErrorHandler(new PlainErrors());
        server.setHandler(handler);
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

    void stop() throws Exception {
        try {
            server.stop();
        } finally {
            if (virtualThreads != null) {
                virtualThreads.shutdownNow();
            }
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
