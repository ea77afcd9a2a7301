package io.qicore.mcp.examples.transport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.function.Consumer;

/** Reads and writes messages on a socket, one message per line. */
record Lines(Socket client) {

    private static final int MAX_BYTES = 1 << 20;

    /**
     * Reads messages until the client closes its end, or until it sends a line that is too long or does not begin a JSON
     * object. The latter rejects web pages that send an HTTP request to the port.
     */
    void read(Consumer<byte[]> messages) throws IOException {
        InputStream in = new BufferedInputStream(client.getInputStream());
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && line.size() < MAX_BYTES; next = in.read()) {
            if (next == '\n') {
                messages.accept(line.toByteArray());
                line.reset();
            } else if (line.size() == 0 && next != '{') {
                return;
            } else {
                line.write(next);
            }
        }
    }

    void write(byte[] message) {
        byte[] line = Arrays.copyOf(message, message.length + 1);
        line[message.length] = '\n';
        // Another thread may be writing the answer to another message of this client.
        synchronized (client) {
            try {
                client.getOutputStream().write(line);
            } catch (IOException gone) {
                // The thread that reads from this client gets the error, too, and ends the connection.
            }
        }
    }
}
