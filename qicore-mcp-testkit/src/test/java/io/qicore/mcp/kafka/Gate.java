package io.qicore.mcp.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A port that takes connections and says nothing, until it is opened: from then on new ones lead to a broker. */
final class Gate implements AutoCloseable {

    private final ServerSocket port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile String broker = "";

    Gate() throws IOException {
        threads.execute(this::accept);
    }

    String address() {
        return "127.0.0.1:" + port.getLocalPort();
    }

    void open(String newBroker) {
        broker = newBroker;
    }

    private void accept() {
        while (!port.isClosed()) {
            try {
                Socket client = port.accept();
                sockets.add(client);
                if (!broker.isEmpty()) {
                    String[] address = broker.split(":");
                    Socket server = new Socket(address[0], Integer.parseInt(address[1]));
                    sockets.add(server);
                    threads.execute(() -> pump(client, server));
                    threads.execute(() -> pump(server, client));
                }
            } catch (IOException e) {
                if (!port.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has gone, which is what this test is about.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        port.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
