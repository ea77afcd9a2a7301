package io.qicore.mcp.examples.transport;

import io.qicore.mcp.engine.MCPEngine;
import io.qicore.mcp.engine.MessageConnection;
import io.qicore.mcp.transport.ServerTransport;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * A transport of an application's own, and all that it takes: MCP over a socket, one message a line. Can be started once.
 * Closes the socket that it is given, which says who may connect: a loopback address, or TLS with client certificates.
 */
public final class SocketTransport implements ServerTransport {

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private MCPEngine engine;

    /** A transport on a socket that has been bound. */
    public SocketTransport(ServerSocket listener) {
        this.listener = listener;
    }

    @Override
    public void start(MCPEngine engine) {
        this.engine = engine;
        threads.execute(() -> {
            try {
                while (true) {
                    Socket client = listener.accept();
                    threads.execute(() -> serve(client));
                }
            } catch (IOException stopped) {
                // Those who are connected are served until the calls in flight have ended.
            }
        });
    }

    private void serve(Socket client) {
        clients.add(client);
        Lines lines = new Lines(client);
        MessageConnection connection = new MessageConnection(engine, threads, lines::write);
        try (client) {
            lines.read(connection::receive);
        } catch (IOException | RejectedExecutionException gone) {
            // The same follows as for a client that says goodbye.
        }
        connection.disconnected();
        clients.remove(client);
    }

    @Override
    public void stop(Duration drainTimeout) throws Exception {
        listener.close();
        engine.drain(drainTimeout);
        for (Socket client : clients) {
            client.close();
        }
        threads.shutdown();
    }
}
