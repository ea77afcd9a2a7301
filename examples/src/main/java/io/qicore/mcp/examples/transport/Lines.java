package io.qicore.mcp.examples.transport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.function.Consumer;

/** The form of messages on a socket: a line each. */
record Lines(Socket client) {

    private static final int MAX_BYTES = 1 << 20;

    /**
     * Reads messages until the client closes its end, or sends a line that is too long or not a JSON object: a web page that
     * posts to the port gets no further than the first line of its request.
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
        // Answers to other messages of this client may be on their way.
        synchronized (client) {
            try {
                client.getOutputStream().write(line);
            } catch (IOException gone) {
                // Whoever reads from the client finds out too, and says so.
            }
        }
    }
}
