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
 * A complete example of a custom transport: MCP over a socket, with one message per line. It can be started once, and closes
 * its server socket when it stops. The server socket decides who may connect, for example by a loopback address or by TLS
 * with client certificates.
 */
public final class SocketTransport implements ServerTransport {

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private MCPEngine engine;

    /** Creates a transport on a server socket that is already bound. */
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
                // stop() has closed the listener. Connected clients are served until their calls have ended.
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
            // Treated like a client that has disconnected.
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
