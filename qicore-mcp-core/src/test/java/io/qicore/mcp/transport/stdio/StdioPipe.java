package io.qicore.mcp.transport.stdio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Two connected streams. A socket, since Java's pipes break when a writing thread ends. */
public final class StdioPipe implements AutoCloseable {

    private final Socket client;
    private final Socket server;

    public StdioPipe() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            client = new Socket(listener.getInetAddress(), listener.getLocalPort());
            server = listener.accept();
        }
    }

    public StdioTransport transport() throws IOException {
        return StdioTransport.on(server.getInputStream(), server.getOutputStream());
    }

    PipedClient client() throws IOException {
        return new PipedClient(client.getInputStream(), client.getOutputStream());
    }

    public InputStream toClient() throws IOException {
        return client.getInputStream();
    }

    public OutputStream toServer() throws IOException {
        return client.getOutputStream();
    }

    /** What has been written still reaches the client. */
    void closeServerEnd() throws IOException {
        server.close();
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
