package io.qicore.mcp.timescale;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A port that leads to another one, and can be cut off or made silent. */
final class TcpProxy implements AutoCloseable {

    private enum State {
        FORWARDING,
        CUT,
        SILENT
    }

    private final int target;
    // Stays open when cut: a client that keeps trying a closed port may be given that port for itself.
    private final ServerSocket listener;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile State state = State.FORWARDING;

    TcpProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Ends all connections, and new ones at once. */
    void cut() throws IOException {
        state = State.CUT;
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            socket.close();
        }
    }

    /** Keeps connections open and forwards nothing more, as a network does that drops packets. */
    void silence() {
        state = State.SILENT;
    }

    /** Forwards again. */
    void restore() {
        state = State.FORWARDING;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            if (state == State.CUT) {
                client.close();
                continue;
            }
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(client);
            sockets.add(server);
            start(() -> copy(client, server));
            start(() -> copy(server, client));
        }
    }

    private void copy(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (state != State.SILENT) {
                    out.write(buffer, 0, n);
                }
            }
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException closed) {
                        // The end of a connection is what this is for.
                    }
                },
                "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
